import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import { expect, test } from 'vitest';
import type { AdminApi } from './admin-api.js';
import { addFirstCredentials } from './first-credentials.js';
import type { LauncherMemory } from './launcher-memory.js';

const nothing: LauncherMemory = { ports: {}, demoCredentials: {}, firstKeys: [] };

function recordingAdmin() {
  const posted: Readonly<Record<string, unknown>>[] = [];
  const deleted: string[] = [];
  const admin: AdminApi = {
    postCredential: (body) => Promise.resolve({ id: `credential-${posted.push(body)}` }),
    deleteCredential: (id) => Promise.resolve(void deleted.push(id)),
  };
  return { admin, posted, deleted };
}

function add(options: {
  admin: AdminApi;
  environment?: NodeJS.ProcessEnv;
  simulatorUrl?: string;
  memory?: LauncherMemory;
  upstreams?: readonly UpstreamManifest[];
}) {
  const { admin, environment = {}, simulatorUrl, memory = nothing, upstreams = UPSTREAMS } = options;
  return addFirstCredentials({ admin, environment, simulatorUrl, memory, upstreams });
}

test('each key of the environment becomes a credential once', async () => {
  const { admin, posted } = recordingAdmin();
  const environment = { OPENAI_API_KEY: 'sk-one, sk-two', OPENAI_BASE_URL: 'http://10.0.0.7/v1' };
  const memory = await add({ admin, environment });
  await add({ admin, environment, memory });
  expect(posted).toHaveLength(2);
  expect(posted[1]).toEqual({
    upstream: 'openai',
    kind: 'api-key',
    label: 'OPENAI_API_KEY 2',
    secret: { apiKey: 'sk-two' },
    baseUrl: 'http://10.0.0.7/v1',
    allowPrivateNetwork: true,
  });
  expect(JSON.stringify(memory)).not.toContain('sk-one');
});

test('the simulator serves as a demo credential, which moves with it and goes with it', async () => {
  const { admin, posted, deleted } = recordingAdmin();
  const upstreams = UPSTREAMS.filter(({ id }) => id === 'openai');
  const here = await add({ admin, upstreams, simulatorUrl: 'http://127.0.0.1:20001' });
  expect(posted[0]).toMatchObject({ upstream: 'openai', baseUrl: 'http://127.0.0.1:20001/v1', demo: true });
  const there = await add({ admin, upstreams, simulatorUrl: 'http://127.0.0.1:20002', memory: here });
  expect(deleted).toEqual(['credential-1']);
  const gone = await add({ admin, upstreams, memory: there });
  expect(deleted).toEqual(['credential-1', 'credential-2']);
  expect(gone.demoCredentials).toEqual({});
});
