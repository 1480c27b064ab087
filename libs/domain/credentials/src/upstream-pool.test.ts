import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aStoredCredential } from './__fixtures__/stored-credentials.js';
import type { LeaseRequest } from './credential-source.js';
import { serves, toPooledCredential } from './pooled-credential.js';
import type { StoredCredential } from './stored-credential.js';
import { UpstreamPool } from './upstream-pool.js';

const request: LeaseRequest = { upstream: 'openai', use: 'chat', model: 'm', generationId: 'gen' };
const NOW_MS = Date.UTC(2026, 5, 1);

function poolOf(rows: Partial<StoredCredential>[], demo: 'on' | 'off' | 'auto' = 'auto'): UpstreamPool {
  const pool = new UpstreamPool(demo);
  for (const row of rows) pool.put(toPooledCredential(aStoredCredential(row)));
  return pool;
}
function choose(pool: UpstreamPool, more: Partial<LeaseRequest> = {}, nowMs = NOW_MS) {
  const selection = pool.select({ request: { ...request, ...more }, count: 16, nowMs });
  return { ...selection, ids: selection.candidates.map(({ row }) => row.id) };
}

test('chooses enabled credentials that serve the model and were not tried', () => {
  const pool = poolOf([
    { id: 'any' },
    { id: 'named', models: ['m'] },
    { id: 'other', models: ['n'] },
    { id: 'off', enabled: false },
    { id: 'tried' },
  ]);
  expect(choose(pool, { excluded: ['tried'] }).ids.toSorted()).toEqual(['any', 'named']);
});

test('tells that nobody ever will serve a model', () => {
  const pool = poolOf([{ models: ['n'] }, { enabled: false }]);
  expect(choose(pool)).toMatchObject({ ids: [], servingCount: 0, nextFreeMs: undefined });
});

test('sees changes of credentials after the first choice', () => {
  const pool = poolOf([{ id: 'a', models: ['m'] }]);
  expect(choose(pool).ids).toEqual(['a']);
  pool.put(toPooledCredential(aStoredCredential({ id: 'a', models: ['n'] })));
  pool.put(toPooledCredential(aStoredCredential({ id: 'b' })));
  expect(choose(pool)).toMatchObject({ ids: ['b'], servingCount: 1 });
  pool.remove('b');
  expect(choose(pool)).toMatchObject({ ids: [], servingCount: 0 });
});

test('lets a credential rest until its time and then takes it again', () => {
  const pool = poolOf([{ id: 'a', state: 'rate_limited', nextTryAt: new Date(NOW_MS + 500) }]);
  expect(choose(pool)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 500, servingCount: 1 });
  expect(choose(pool, {}, NOW_MS + 500).ids).toEqual(['a']);
});

test('a longer rest overtakes a shorter one, and an ended rest both', () => {
  const pool = poolOf([{ id: 'a' }]);
  const credential = pool.get('a');
  if (credential === undefined) throw new Error('missing');
  choose(pool);
  pool.rest(credential, NOW_MS + 100);
  pool.rest(credential, NOW_MS + 900);
  expect(choose(pool, {}, NOW_MS + 100).ids).toEqual([]);
  pool.rest(credential, 0);
  expect(choose(pool, {}, NOW_MS + 100).ids).toEqual(['a']);
});

test('passes over a full credential until it may have room, for that use only', () => {
  const pool = poolOf([{ id: 'a' }]);
  pool.get('a')?.fullUntilMs.set('chat', NOW_MS + 50);
  expect(choose(pool)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 50 });
  expect(choose(pool, { use: 'embedding' }).ids).toEqual(['a']);
  expect(choose(pool, {}, NOW_MS + 50).ids).toEqual(['a']);
});

test.each([
  ['auto', true, ['real']],
  ['auto', false, ['demo']],
  ['on', true, ['demo', 'real']],
  ['off', true, ['real']],
  ['off', false, []],
] as const)('demo %s, real one enabled %s', (demo, enabled, expected) => {
  const pool = poolOf(
    [
      { id: 'demo', demo: true },
      { id: 'real', enabled },
    ],
    demo,
  );
  expect(choose(pool).ids.toSorted()).toEqual([...expected]);
});

test('a pinned credential is the only one, and is waited for', () => {
  const pool = poolOf([
    { id: 'a' },
    { id: 'b', state: 'rate_limited', nextTryAt: new Date(NOW_MS + 5) },
    { id: 'off', enabled: false },
  ]);
  expect(choose(pool, { pinned: 'a' }).ids).toEqual(['a']);
  expect(choose(pool, { pinned: 'b' })).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 5, servingCount: 1 });
  expect(choose(pool, { pinned: 'off' })).toMatchObject({ ids: [], servingCount: 0 });
});

test('a model that rests is left alone, in selections that are there and in later ones, and after the row was read again', () => {
  const rests = { m: { untilMs: NOW_MS + 500, state: 'rate_limited' as const, reason: 'no', epoch: 1 } };
  const pool = poolOf([{ id: 'a' }, { id: 'b' }]);
  const [a, b] = [pool.get('a'), pool.get('b')];
  if (a === undefined || b === undefined) throw new Error('missing');
  choose(pool);
  pool.restModel([a, b], 'm', NOW_MS + 900);
  expect(choose(pool)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 900, servingCount: 2 });
  expect(choose(pool, { use: 'image' })).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 900 });
  expect(choose(pool, { use: 'upkeep' }).ids).toHaveLength(2);
  expect(choose(pool, { model: 'n' }).ids).toHaveLength(2);
  expect(choose(pool, { pinned: 'a' })).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 900 });
  // The database knows of an earlier end, or of none: an operator may have ended it.
  pool.put(toPooledCredential(aStoredCredential({ id: 'a', counters: { rests } })));
  expect(choose(pool, {}, NOW_MS + 499).ids).toEqual([]);
  expect(choose(pool, {}, NOW_MS + 500).ids).toEqual(['a']);
  expect(choose(pool, {}, NOW_MS + 900).ids.toSorted()).toEqual(['a', 'b']);
});

test('takes only those of the kind that is wanted', () => {
  const pool = poolOf([{ id: 'key' }, { id: 'vertex', kind: 'vertex-express' }]);
  expect(choose(pool, { kind: 'vertex-express' }).ids).toEqual(['vertex']);
  expect(choose(pool).ids.toSorted()).toEqual(['key', 'vertex']);
  expect(choose(pool, { kind: 'nobody' }).servingCount).toBe(0);
});

describe('what is waited for', () => {
  const DAY_MS = 24 * 60 * 60_000;
  const resting = (id: string, ms: number, models: string[] | null = null) => ({
    id,
    models,
    state: 'rate_limited' as const,
    nextTryAt: new Date(NOW_MS + ms),
  });

  test('is never one that does not serve the model, however soon it is back', () => {
    const pool = poolOf([resting('late', 9_000, ['m']), resting('other', 100, ['n'])]);
    expect(choose(pool)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 9_000, servingCount: 1 });
    expect(choose(pool, { model: 'n' })).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 100 });
    expect(choose(pool, {}, NOW_MS + 100)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 9_000 });
  });

  test('is the end of both rests, of the credential and of its model, in either order', () => {
    const pool = poolOf([{ id: 'day' }, resting('other', 100, ['n'])]);
    const day = pool.get('day');
    if (day === undefined) throw new Error('missing');
    choose(pool);
    pool.restModel([day], 'm', NOW_MS + DAY_MS);
    expect(choose(pool).nextFreeMs).toBe(NOW_MS + DAY_MS);
    pool.rest(day, NOW_MS + 200);
    expect(choose(pool).nextFreeMs).toBe(NOW_MS + DAY_MS);
    expect(choose(pool, { model: 'k' }).nextFreeMs).toBe(NOW_MS + 200);
    pool.rest(day, NOW_MS + 2 * DAY_MS);
    expect(choose(pool).nextFreeMs).toBe(NOW_MS + 2 * DAY_MS);
  });

  test('is the later end where a model that is used up begins to rest for a shorter time', () => {
    const pool = poolOf([{ id: 'a' }]);
    const a = pool.get('a');
    if (a === undefined) throw new Error('missing');
    pool.useUp(a, request, NOW_MS + 900);
    pool.restModel([a], request.model, NOW_MS + 100);
    expect(choose(pool).nextFreeMs).toBe(NOW_MS + 900);
  });

  test('is right after whatever has happened before', () => {
    const ID = fc.constantFrom('a', 'b', 'c', 'd');
    const MODEL = fc.constantFrom('m', 'n');
    const ms = fc.integer({ min: 1, max: 60 });
    const step = fc.oneof(
      fc.record({ type: fc.constant('rest' as const), id: ID, ms: fc.oneof(ms, fc.constant(0)) }),
      fc.record({ type: fc.constant('model' as const), id: ID, ms, model: MODEL }),
      fc.record({ type: fc.constant('used' as const), id: ID, ms, model: MODEL }),
      fc.record({ type: fc.constant('wait' as const), ms }),
      fc.record({ type: fc.constant('ask' as const), model: MODEL }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pool = poolOf([
          { id: 'a', models: ['m'] },
          { id: 'b', models: ['n'] },
          { id: 'c' },
          { id: 'd', models: ['m'] },
        ]);
        const ends = new Map<string, number>();
        let nowMs = NOW_MS;
        for (const each of [...steps, { type: 'ask' as const, model: 'm' }]) {
          if (each.type === 'wait') nowMs += each.ms;
          else if (each.type === 'ask') {
            const rested = [...pool.all()]
              .filter(({ models }) => models?.has(each.model) ?? true)
              .map(({ row: { id } }) => Math.max(...[id, `${id} ${each.model}`].map((key) => ends.get(key) ?? 0)));
            const isFree = rested.some((end) => end <= nowMs);
            const found = choose(pool, { model: each.model }, nowMs);
            expect(found.ids.length > 0).toBe(isFree);
            if (!isFree) expect(found.nextFreeMs).toBe(Math.min(...rested));
          } else {
            const credential = pool.get(each.id);
            if (credential === undefined) throw new Error('missing');
            const untilMs = each.ms === 0 ? 0 : nowMs + each.ms;
            const key = each.type === 'rest' ? each.id : `${each.id} ${each.model}`;
            const longer = Math.max(untilMs, ends.get(key) ?? 0);
            ends.set(key, each.type === 'rest' ? untilMs : longer);
            if (each.type === 'rest') pool.rest(credential, untilMs);
            else if (each.type === 'model') pool.restModel([credential], each.model, untilMs);
            else if (serves(credential, { ...request, model: each.model }))
              pool.useUp(credential, { ...request, model: each.model }, longer);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a rest that a longer one has overtaken, and one that was switched off, say nothing', () => {
    const pool = poolOf([{ id: 'a' }, resting('gone', 50)]);
    const a = pool.get('a');
    if (a === undefined) throw new Error('missing');
    pool.restModel([a], 'm', NOW_MS + 100);
    choose(pool);
    pool.restModel([a], 'm', NOW_MS + 900);
    pool.put(toPooledCredential(aStoredCredential({ ...resting('gone', 50), enabled: false })));
    expect(choose(pool)).toMatchObject({ ids: [], nextFreeMs: NOW_MS + 900, servingCount: 1 });
  });
});
