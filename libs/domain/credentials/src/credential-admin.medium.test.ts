import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { credentialViewSchema } from './credential-view.js';

let rig: PoolRig;
beforeAll(async () => {
  rig = await createPoolRig();
});
afterAll(() => rig.close());

const body = (apiKey: string, more: object = {}) => ({
  upstream: 'openai',
  kind: 'api-key',
  secret: { apiKey },
  ...more,
});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof GatewayError ? error.code : 'stranger'),
  );

test('answers what was made, with everything but the secret', async () => {
  const given = {
    label: 'mine',
    models: ['a'],
    limits: { chat: 8, image: 1 },
    weight: 2,
    tags: ['t'],
    notes: 'n',
    baseUrl: 'https://example.com',
  };
  const { credential, isNew } = await rig.admin.create(body('sk-made', given));
  expect(isNew).toBe(true);
  expect(credentialViewSchema.strict().parse(credential)).toMatchObject({
    ...given,
    baseUrl: 'https://example.com/v1',
    state: 'ready',
    reason: null,
    nextTryAt: null,
  });
  expect(JSON.stringify(credential)).not.toContain('sk-made');
  expect(await rig.admin.get(credential.id)).toEqual(credential);
});

test('the same one given again is edited under its id, and keeps what is left out', async () => {
  const first = await rig.admin.create(body('sk-twice', { limits: { chat: 2 }, label: 'kept' }));
  const second = await rig.admin.create(body('sk-twice', { models: ['b'], baseUrl: 'https://api.openai.com/' }));
  expect(second.isNew).toBe(false);
  expect(second.credential).toMatchObject({
    id: first.credential.id,
    limits: { chat: 2 },
    label: 'kept',
    models: ['b'],
  });
});

test('the same one given many times at once is one', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => rig.admin.create(body('sk-many'))));
  expect(new Set(made.map(({ credential }) => credential.id)).size).toBe(1);
  expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
});

test('another base URL or secret is another credential', async () => {
  const one = await rig.admin.create(body('sk-base'));
  const two = await rig.admin.create(body('sk-base', { baseUrl: 'https://example.com/v1' }));
  const three = await rig.admin.create(body('sk-other'));
  expect(new Set([one, two, three].map(({ credential }) => credential.id)).size).toBe(3);
});

test('an edit changes what it names, and a wrong one nothing', async () => {
  const { credential } = await rig.admin.create(body('sk-edit', { models: ['a'], notes: 'n' }));
  expect(await rig.admin.update(credential.id, { models: null, limits: { chat: 1 } })).toMatchObject({
    models: null,
    limits: { chat: 1 },
    notes: 'n',
  });
  expect(await codeOf(rig.admin.update(credential.id, { baseUrl: 'http://10.0.0.1' }))).toBe('invalid_request');
  expect(await codeOf(rig.admin.update(credential.id, { limits: { chat: -1 } }))).toBe('invalid_request');
  expect(await rig.admin.get(credential.id)).toMatchObject({ baseUrl: null, limits: { chat: 1 } });
});

test('an edit into an existing credential is refused', async () => {
  await rig.admin.create(body('sk-taken'));
  const { credential } = await rig.admin.create(body('sk-free'));
  expect(await codeOf(rig.admin.update(credential.id, { secret: { apiKey: 'sk-taken' } }))).toBe('invalid_request');
});

test('a switched off one says so', async () => {
  const { credential } = await rig.admin.create(body('sk-off', { enabled: false }));
  expect(credential).toMatchObject({ enabled: false, state: 'disabled' });
});

test('what is deleted is gone', async () => {
  const { credential } = await rig.admin.create(body('sk-gone'));
  await rig.admin.delete(credential.id);
  expect(await codeOf(rig.admin.get(credential.id))).toBe('not_found');
  expect(await codeOf(rig.admin.delete(credential.id))).toBe('not_found');
  expect(await codeOf(rig.admin.update(credential.id, {}))).toBe('not_found');
});

test('pages through all of them without a gap', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await rig.admin.list({ limit: 3, upstream: 'openai', ...(cursor !== undefined && { cursor }) });
    seen.push(...page.credentials.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const all = await rig.admin.list();
  expect(seen).toEqual(all.credentials.map(({ id }) => id));
  expect(seen.length).toBeGreaterThan(6);
});
