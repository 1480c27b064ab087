import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResponseStore } from './response-store.js';
import type { NewResponse } from './stored-response.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 21);

let database: TestDatabase;
let replicas: Postgres[];
let store: ResponseStore;
let other: ResponseStore;

beforeAll(async () => {
  database = await createTestDatabase();
  replicas = ['a', 'b'].map((applicationName) => createPostgres({ url: database.url, applicationName }));
  const clock = createFakeClock(NOW_MS);
  [store, other] = replicas.map((postgres) => new ResponseStore(postgres, clock)) as [ResponseStore, ResponseStore];
});

afterAll(async () => {
  for (const postgres of replicas) await postgres.close();
  await database.drop();
});

function response(id: string, changes: Partial<NewResponse> = {}): NewResponse {
  return {
    id,
    ownerKeyId: 'owner',
    createdAtMs: NOW_MS,
    previousResponseId: undefined,
    frame: { response: { id }, isSealed: false },
    input: [item(`asked ${id}`)],
    ...changes,
  };
}

function item(text: string): JsonObject {
  return { type: 'message', text };
}

const PARTS: Part[] = [{ type: 'text-delta', choice: 0, text: 'hi\u0000\ud800' }, { type: 'succeeded' }];

function outcome(text: string) {
  return { members: { status: 'completed', completed_at: 1 }, output: [item(text)], parts: PARTS };
}

describe('stored responses', () => {
  it('come back on another replica at once, to their owner alone', async () => {
    await store.insert(response('resp_a'));
    expect(await other.find('resp_a', 'owner')).toEqual({ ...response('resp_a'), outcome: undefined });
    expect(await other.findParts('resp_a', 'owner')).toBeUndefined();
    await store.complete('resp_a', outcome('said'));
    const found = await other.find('resp_a', 'owner');
    expect(found?.outcome).toEqual({ members: { status: 'completed', completed_at: 1 }, output: [item('said')] });
    expect(await other.findParts('resp_a', 'owner')).toEqual(PARTS);
    expect(await other.find('resp_a', 'stranger')).toBeUndefined();
    expect(await other.findParts('resp_a', 'stranger')).toBeUndefined();
  });

  it('keep the end that was told first', async () => {
    await store.insert(response('resp_twice'));
    await store.complete('resp_twice', outcome('first'));
    expect((await other.complete('resp_twice', outcome('second'))).output).toEqual([item('first')]);
  });

  it('that are gone stay gone, whoever completes them', async () => {
    await store.insert(response('resp_gone'));
    expect(await store.delete('resp_gone', 'stranger')).toBe(false);
    expect(await store.delete('resp_gone', 'owner')).toBe(true);
    expect((await store.complete('resp_gone', outcome('late'))).output).toEqual([item('late')]);
    expect(await store.find('resp_gone', 'owner')).toBeUndefined();
  });

  it('are not there under a name that no database holds', async () => {
    expect(await store.find('resp_\0', 'owner')).toBeUndefined();
    expect(await store.delete('resp_\0', 'owner')).toBe(false);
    await expect(store.findChain('resp_\0', 'owner')).rejects.toMatchObject({ data: { code: 'invalid_request' } });
  });

  it('past their time are purged, the others not', async () => {
    await store.insert(response('resp_old', { createdAtMs: NOW_MS - 31 * DAY_MS }));
    await store.insert(response('resp_young', { createdAtMs: NOW_MS - 29 * DAY_MS }));
    expect(await store.purge(30 * DAY_MS)).toBe(1);
    expect(await store.find('resp_old', 'owner')).toBeUndefined();
    expect(await store.find('resp_young', 'owner')).toBeDefined();
  });
});

describe('chains', () => {
  async function chain(prefix: string, length: number): Promise<string> {
    let previousResponseId: string | undefined;
    for (let turn = 1; turn <= length; turn += 1) {
      const id = `resp_${prefix}${turn}`;
      await store.insert(response(id, { previousResponseId }));
      await store.complete(id, outcome(`said ${id}`));
      previousResponseId = id;
    }
    return previousResponseId ?? '';
  }

  it('are found whole, the oldest first', async () => {
    const links = await other.findChain(await chain('whole', 3), 'owner');
    expect(links.map(({ id }) => id)).toEqual(['resp_whole1', 'resp_whole2', 'resp_whole3']);
    expect(links[2]).toMatchObject({
      id: 'resp_whole3',
      input: [item('asked resp_whole3')],
      output: [item('said resp_whole3')],
    });
    expect(links[2]?.bytes).toBe(JSON.stringify([item('asked resp_whole3'), item('said resp_whole3')]).length + 1);
  });

  it('of nobody, of another, or with a link missing are refused as OpenAI refuses them', async () => {
    const last = await chain('broken', 3);
    const refusal = {
      data: { code: 'invalid_request', reason: 'previous_response_not_found', param: 'previous_response_id' },
    };
    await expect(store.findChain('resp_none', 'owner')).rejects.toMatchObject(refusal);
    await expect(store.findChain(last, 'stranger')).rejects.toMatchObject(refusal);
    await store.delete('resp_broken2', 'owner');
    await expect(store.findChain(last, 'owner')).rejects.toMatchObject({
      message: expect.stringContaining('resp_broken2'),
    });
  });

  it('that go round or on for ever end', async () => {
    await store.insert(response('resp_round', { previousResponseId: 'resp_round' }));
    await expect(store.findChain('resp_round', 'owner')).rejects.toMatchObject({ data: { code: 'invalid_request' } });
  });
});
