import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { ImportResult } from './credential-import.js';

let rig: PoolRig;
beforeAll(async () => {
  rig = await createPoolRig();
});
afterAll(() => rig.close());

async function importText(text: string, query: object = {}): Promise<ImportResult[]> {
  async function* body() {
    yield Buffer.from(text);
  }
  const results: ImportResult[] = [];
  for await (const batch of rig.services.imports.run(body(), query)) results.push(...batch);
  return results;
}

const statuses = (results: ImportResult[]) => results.map(({ status }) => status);

test('rows become credentials, one by one, and what is wrong is told by row and field', async () => {
  const results = await importText(
    JSON.stringify([
      { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-import-1' }, label: 'one' },
      { upstream: 'nobody', kind: 'api-key', secret: { apiKey: 'sk-import-2' } },
      { upstream: 'openai', kind: 'cookie', secret: { apiKey: 'sk-import-3' } },
      { upstream: 'openai', kind: 'api-key', secret: { key: 'sk-import-4' } },
      { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-import-5' }, baseUrl: 'http://10.0.0.1' },
      { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-import-1' }, label: 'one' },
      { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-import-1' }, label: 'renamed' },
      { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-import-6' }, label: 'a\u0000b' },
      'text without a query',
    ]),
  );
  expect(statuses(results)).toEqual([
    'created',
    'failed',
    'failed',
    'failed',
    'failed',
    'duplicate',
    'updated',
    'failed',
    'failed',
  ]);
  expect(results.map(({ error }) => error?.field)).toEqual([
    undefined,
    'upstream',
    'kind',
    'secret.apiKey',
    'baseUrl',
    undefined,
    undefined,
    'label',
    'upstream',
  ]);
  expect(results[4]?.error?.message).toContain('row 5');
  expect(JSON.stringify(results)).not.toContain('sk-import');
  expect(await rig.admin.get(results[0]?.id ?? '')).toMatchObject({ label: 'renamed' });
});

test('the same import again changes nothing; an edited row only its credential', async () => {
  const rows = Array.from({ length: 20 }, (_, index) =>
    JSON.stringify({ upstream: 'openai', kind: 'api-key', secret: { apiKey: `sk-again-${index}` }, weight: 2 }),
  );
  expect(new Set(statuses(await importText(rows.join('\n'))))).toEqual(new Set(['created']));
  const second = await importText([...rows.slice(0, 19), rows[19]?.replace('"weight":2', '"weight":3')].join('\n'));
  expect(statuses(second)).toEqual([...Array.from({ length: 19 }, () => 'duplicate'), 'updated']);
});

test('plain lines take what the query says', async () => {
  const [result] = await importText('sk-line-1\n', {
    upstream: 'openai',
    tag: 'lines',
    baseUrl: 'http://10.1.1.1',
    allowPrivateNetwork: 'true',
  });
  expect(await rig.admin.get(result?.id ?? '')).toMatchObject({ tags: ['lines'], baseUrl: 'http://10.1.1.1/v1' });
});

test('a list of keys as relays keep it', async () => {
  const results = await importText('{\n"keys": ["sk-relay-1", "sk-relay-2"], "base_url": "https://relay.example.com"}');
  expect(statuses(results)).toEqual(['created', 'created']);
  expect(await rig.admin.get(results[1]?.id ?? '')).toMatchObject({ baseUrl: 'https://relay.example.com/v1' });
});

test('an environment of Gemini Balance: its keys, and what it holds beside them', async () => {
  const text = [
    '# Gemini Balance',
    'API_KEYS=["AIzaSy-import-1","AIzaSy-import-2"]',
    'VERTEX_API_KEYS=["AQ.import-3"]',
    'BASE_URL=https://relay.example.com/v1beta',
    'ALLOWED_TOKENS=["sk-client"]',
    'FILTERED_MODELS=["old"]',
    'MYSQL_HOST=db',
  ].join('\n');
  async function* body() {
    yield Buffer.from(text);
  }
  const asked: unknown[] = [];
  const results: ImportResult[] = [];
  const takeRest = async (rest: object, also: readonly string[]) => {
    asked.push(rest, also);
    return { taken: ['1 API keys'], left: [] };
  };
  for await (const batch of rig.services.imports.run(body(), { also: 'apiKeys,settings' }, takeRest))
    results.push(...batch);
  expect(statuses(results)).toEqual(['told', 'created', 'created', 'created']);
  expect(asked).toEqual([
    expect.objectContaining({ apiKeys: ['sk-client'], left: ['MYSQL_HOST'] }),
    ['apiKeys', 'settings'],
  ]);
  expect(await rig.admin.get(results[1]?.id ?? '')).toMatchObject({
    upstream: 'gemini',
    kind: 'api-key',
    baseUrl: 'https://relay.example.com/v1beta',
  });
  expect(await rig.admin.get(results[3]?.id ?? '')).toMatchObject({ upstream: 'gemini', kind: 'vertex-express' });
});

test('two imports of the same rows at once make each credential once', async () => {
  const text = Array.from({ length: 50 }, (_, index) => `sk-race-${index}`).join('\n');
  const both = await Promise.all([importText(text, { upstream: 'openai' }), importText(text, { upstream: 'openai' })]);
  expect(both.flat().filter(({ status }) => status === 'created')).toHaveLength(50);
  expect(both.flat().filter(({ status }) => status === 'duplicate')).toHaveLength(50);
});

test('what is exported can be imported; secrets only when asked for', async () => {
  await importText('sk-export-marker', { upstream: 'openai', tag: 'export' });
  const read = async (query: object) => {
    let text = '';
    for await (const piece of rig.services.exports.lines(query)) text += piece;
    return text;
  };
  expect(await read({ tag: 'export' })).not.toContain('sk-export-marker');
  const revealed = await read({ tag: 'export', secrets: 'reveal' });
  expect(revealed).toContain('sk-export-marker');
  expect(statuses(await importText(revealed))).toEqual(['duplicate']);
});

test('filters, searches and sorts, page by page', async () => {
  const { admin } = rig;
  for (const [index, label] of ['b', 'a', 'c', '100%'].entries()) {
    const settings = index === 0 ? { group: 'g1' } : {};
    await admin.create({
      upstream: 'openai',
      kind: 'api-key',
      secret: { apiKey: `sk-find-${index}` },
      label: `find ${label}`,
      tags: ['find'],
      enabled: index !== 2,
      settings,
    });
  }
  const labels = async (query: object) =>
    (await admin.list({ tag: 'find', ...query })).credentials.map(({ label }) => label);
  expect(await labels({ sort: 'label' })).toEqual(['find 100%', 'find a', 'find b', 'find c']);
  expect(await labels({ sort: 'label', order: 'desc', limit: 1 })).toEqual(['find c']);
  expect(await labels({ state: 'disabled' })).toEqual(['find c']);
  expect(await labels({ state: 'ready', sort: 'label' })).toEqual(['find 100%', 'find a', 'find b']);
  expect(await labels({ enabled: 'false' })).toEqual(['find c']);
  expect(await labels({ group: 'g1' })).toEqual(['find b']);
  expect(await labels({ search: '100%' })).toEqual(['find 100%']);
  expect(await labels({ search: 'D B' })).toEqual(['find b']);
  for (const sort of ['createdAt', 'updatedAt', 'label', 'state', 'nextTryAt']) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin.list({ tag: 'find', sort, limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.credentials.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(4);
  }
  await expect(admin.list({ cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'invalid_request',
    data: { param: 'cursor' },
  });
  await expect(admin.list({ sort: 'secret' })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('changes of state are told afterwards with their reasons, and end with age', async () => {
  const { credential } = await rig.admin.create({
    upstream: 'openai',
    kind: 'api-key',
    secret: { apiKey: 'sk-events' },
  });
  await rig.repository.setState({
    id: credential.id,
    state: 'quota_exhausted',
    reason: 'You exceeded your quota.',
    nextTryAt: new Date('2030-01-01'),
    epoch: 5,
  });
  await rig.admin.update(credential.id, { enabled: false });
  await rig.admin.update(credential.id, { enabled: true });
  const { events } = await rig.services.events.list(credential.id);
  expect(events.map(({ type, state }) => `${type} ${state}`)).toEqual([
    'enabled ready',
    'disabled disabled',
    'state quota_exhausted',
  ]);
  expect(events.at(-1)).toMatchObject({ reason: 'You exceeded your quota.', nextTryAt: '2030-01-01T00:00:00.000Z' });
  expect((await rig.services.events.list(credential.id, { limit: '2' })).nextCursor).toBeDefined();
  expect(await rig.services.events.purge(-1_000)).toBeGreaterThanOrEqual(3);
});

test('many are changed at once', async () => {
  await importText('sk-bulk-1\nsk-bulk-2\nsk-bulk-3', { upstream: 'openai', tag: 'bulk' });
  const selection = { filter: { tag: 'bulk' } };
  expect(await rig.services.bulk.run({ action: 'disable', selection })).toEqual({ changed: 3 });
  expect((await rig.admin.list({ tag: 'bulk', state: 'disabled' })).credentials).toHaveLength(3);
  expect(await rig.services.bulk.run({ action: 'enable', selection })).toEqual({ changed: 3 });
  expect(await rig.services.bulk.run({ action: 'delete', selection })).toEqual({ changed: 3 });
  await expect(rig.services.bulk.run({ action: 'delete', selection: {} })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('where names tell who is meant, an account with another secret is the same one', async () => {
  const row = (apiKey: string, more: object = {}) => ({
    upstream: 'openai',
    kind: 'api-key',
    secret: { apiKey },
    ...more,
  });
  const by = (rows: object[]) => importText(JSON.stringify(rows), { match: 'label' });
  const [first] = await by([row('sk-named-1', { label: 'a@site.test', notes: 'kept' })]);
  const again = await by([
    row('sk-named-2', { label: 'a@site.test' }),
    row('sk-named-3', { label: 'b@site.test' }),
    row('sk-named-4', { label: 'b@site.test', weight: 2 }),
    row('sk-named-5'),
    row('sk-named-6'),
  ]);
  expect(statuses(again)).toEqual(['updated', 'created', 'updated', 'created', 'created']);
  expect(again[0]?.id).toBe(first?.id);
  const id = first?.id ?? '';
  expect((await rig.admin.reveal(id)).secret).toEqual({ apiKey: 'sk-named-2' });
  expect(await rig.admin.get(id)).toMatchObject({ notes: 'kept' });
  expect((await rig.admin.reveal(again[1]?.id ?? '')).secret).toEqual({ apiKey: 'sk-named-4' });
  expect(statuses(await by([row('sk-named-2', { label: 'a@site.test' })]))).toEqual(['duplicate']);
});
