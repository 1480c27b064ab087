// A job: makes the simulator a credential of every upstream that it can stand for.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { GATEWAY_URL: gatewayUrl, SIMULATOR_URL: simulatorUrl, SLUICE_ADMIN_TOKEN: adminToken } = process.env;
if (!gatewayUrl || !simulatorUrl || !adminToken) {
  process.stderr.write('GATEWAY_URL, SIMULATOR_URL and SLUICE_ADMIN_TOKEN are needed.\n');
  process.exit(1);
}

const manifests = createRequire(join(process.cwd(), 'package.json')).resolve('@sluice/manifests/upstreams');
const { UPSTREAMS } = await import(pathToFileURL(manifests).href);

for (const { id: upstream, demo } of UPSTREAMS) {
  if (demo === undefined) continue;
  const { kind, secret, models, path } = demo;
  const body = {
    upstream,
    kind,
    label: 'Simulator (demo)',
    secret,
    models,
    baseUrl: simulatorUrl + path,
    allowPrivateNetwork: true,
    demo: true,
  };
  const answer = await fetch(`${gatewayUrl}/admin/api/credentials`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    process.stderr.write(`${upstream}: the gateway answered ${answer.status}: ${await answer.text()}\n`);
    process.exit(1);
  }
  process.stdout.write(`${upstream}: demo credential ready\n`);
}
