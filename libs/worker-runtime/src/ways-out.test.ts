import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lease } from '@sluice/contracts/credential';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWaysOut } from './ways-out.js';

const seen: { headers: IncomingHttpHeaders; url: string }[] = [];
const servers: Server[] = [];
const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
const refused = new Set<string>();
const watch = { isAvoided: (url: string) => refused.has(url), went: () => undefined };
let vendor = '';
let elsewhere = '';

async function serve(): Promise<string> {
  const server = createServer((request, response) => {
    seen.push({ headers: request.headers, url: request.url ?? '' });
    response.end('ok');
  });
  server.on('connect', ({ headers, url = '', socket: { localPort } }, socket) => {
    seen.push({ headers: { ...headers, 'x-seen-by': String(localPort) }, url });
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  [vendor, elsewhere] = [await serve(), await serve()];
});
afterAll(async () => {
  await agents.close();
  for (const server of servers) server.close();
});

const lease = (more: Partial<Lease> = {}): Lease => ({
  id: 'l',
  credentialId: 'c',
  epoch: 1,
  expiresAtMs: 0,
  kind: 'api-key',
  secret: {},
  baseUrl: `${vendor}/v1beta`,
  allowPrivateNetwork: true,
  ...more,
});

async function call(
  values: Partial<Record<SettingName, unknown>>,
  { of = lease(), url = `${vendor}/v1beta/models` } = {},
) {
  const get = (name: SettingName) => SETTINGS[name].schema.parse(values[name] ?? SETTINGS[name].initial) as never;
  const port = createWaysOut({ upstream: 'gemini', settings: { get }, agents, ownProxyUrl: undefined, watch })(of);
  const headers = { 'X-Own': 'adapter', accept: 'text/plain' };
  const response = await port.request({ method: 'GET', url, headers, signal: AbortSignal.timeout(5_000) });
  await response.text();
  return seen.at(-1) ?? { headers: {}, url: '' };
}

const HEADERS = { '*': { 'X-All': 'a', 'x-both': 'all' }, gemini: { 'x-both': 'upstream', 'x-own': 'operator' } };

test("headers: the credential's before the upstream's before all, and the adapter's before any", async () => {
  const { headers } = await call(
    { UPSTREAM_HEADERS: HEADERS },
    { of: lease({ headers: { 'x-key': 'k', 'x-all': 'c' } }) },
  );
  expect(headers).toMatchObject({ 'x-all': 'c', 'x-both': 'upstream', 'x-own': 'adapter', 'x-key': 'k' });
});

test("headers go to the account's own server only", async () => {
  const { headers } = await call({ UPSTREAM_HEADERS: HEADERS }, { url: `${elsewhere}/file` });
  expect(headers).not.toHaveProperty('x-all');
});

test.each(['Authorization', 'x-goog-api-key', 'Host', 'content-length', 'Cookie', 'proxy-authorization', 'a b'])(
  'a header that authorises or frames is refused: %s',
  (name) => {
    expect(SETTINGS.UPSTREAM_HEADERS.schema.safeParse({ gemini: { [name]: 'x' } }).success).toBe(false);
  },
);

/** The stand-in for a proxy sees what it is asked for, and lets nobody through. */
async function tunnelOf(values: Partial<Record<SettingName, unknown>>, of: Partial<Lease> = {}): Promise<string> {
  const baseUrl = 'http://vendor.example';
  const called = { of: lease({ baseUrl, ...of }), url: `${baseUrl}/v1beta` };
  await call(values, called).catch(() => undefined);
  return seen.at(-1)?.url ?? '';
}

test("proxies: a credential's own, else one of the upstream's list", async () => {
  expect(await tunnelOf({}, { proxyUrl: elsewhere })).toBe('vendor.example:80');
  seen.length = 0;
  expect(await tunnelOf({ PROXIES: { gemini: [elsewhere] } }, { allowPrivateNetwork: false })).toBe(
    'vendor.example:80',
  );
  seen.length = 0;
  expect(await tunnelOf({ PROXIES: { '*': [elsewhere], gemini: [] } }, { allowPrivateNetwork: false })).toBe('');
});

test("none of the list for the operator's own network", async () => {
  expect((await call({ PROXIES: { gemini: [elsewhere] } })).url).toBe('/v1beta/models');
});

test("calls that carry a file go out by the uploads' proxy, whatever else the account's way is", async () => {
  const other = await serve();
  const values: Partial<Record<SettingName, unknown>> = { UPLOAD_PROXIES: { gemini: [elsewhere] } };
  const get = (name: SettingName) => SETTINGS[name].schema.parse(values[name] ?? SETTINGS[name].initial) as never;
  const of = lease({ baseUrl: 'http://vendor.example', allowPrivateNetwork: false, proxyUrl: other });
  const port = createWaysOut({ upstream: 'gemini', settings: { get }, agents, ownProxyUrl: undefined, watch })(of);
  const tunnelTo = async (more: object) => {
    seen.length = 0;
    const signal = AbortSignal.timeout(5_000);
    const wayOf = { method: 'POST', url: 'http://vendor.example/uploads', signal, ...more } as const;
    await port.request(wayOf).catch(() => undefined);
    return seen.map(({ headers }) => headers['x-seen-by']);
  };
  expect(await tunnelTo({})).toEqual([new URL(other).port]);
  expect(await tunnelTo({ carriesFile: true })).toEqual([new URL(elsewhere).port]);
});
