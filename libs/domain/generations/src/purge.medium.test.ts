import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableDomain, type DurableDomain } from './__fixtures__/durable-domain.js';
import type { DurableChange } from './durable-change.js';

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 7 * DAY_MS;

let domain: DurableDomain;
beforeAll(async () => {
  domain = await createDurableDomain();
});
afterAll(() => domain.close());

async function make(change?: Omit<DurableChange, 'id' | 'expected'>): Promise<string> {
  const { generations, steps } = domain;
  const { id } = domain.submission();
  const idempotency = { scope: 'purge', key: id, fingerprint: 'print' };
  await generations.submit(domain.submission({ id, idempotency }));
  if (change) await steps.advanceOne({ id, expected: ['queued'], ...change });
  return id;
}

/** Table → ids that have rows in it. */
async function kept(): Promise<Record<string, string[]>> {
  const { rows } = await domain.postgres.query<{ place: string; id: string }>({
    text: `SELECT 'row' AS place, id FROM durable_generation
      UNION SELECT 'log', generation_id FROM durable_event
      UNION SELECT 'key', generation_id FROM idempotency_key WHERE generation_id IS NOT NULL
      UNION SELECT 'ledger', generation_id FROM ledger`,
  });
  return Object.fromEntries(
    ['row', 'log', 'key', 'ledger'].map((place) => [
      place,
      rows.filter((row) => row.place === place).map(({ id }) => id),
    ]),
  );
}

it('forgets what ended long ago: rows, logs, keys and ledger; never what goes on, has files, or does not balance', async () => {
  const { generations, clock, postgres } = domain;
  const parts = [{ type: 'succeeded' as const }];
  await make({ state: 'succeeded', parts });
  const running = await make();
  const files = [{ role: 'result' as const, media: { key: 'film', mediaType: 'video/mp4', bytes: 1 }, sha256: 'x' }];
  const withFiles = await make({ state: 'succeeded', parts, files, expiresAtMs: clock.now() + 30 * DAY_MS });
  const removed = await make({ state: 'succeeded', parts });
  await generations.remove({ id: removed, ownerKeyId: 'owner', deleteFiles: async () => {} });
  const unbalanced = await make({ state: 'failed', parts });
  await postgres.query({
    text: `UPDATE ledger SET amount = 1 WHERE generation_id = $1 AND kind <> 'reserve'`,
    values: [unbalanced],
  });
  const endedLate = await make();

  await clock.advance(KEPT_MS - 1_000);
  await domain.steps.advanceOne({ id: endedLate, expected: ['queued'], state: 'succeeded', parts });
  const young = await make({ state: 'succeeded', parts });
  expect(await generations.purge(KEPT_MS)).toBe(0);

  await clock.advance(2_000);
  expect(await generations.purge(KEPT_MS)).toBe(2);
  const left = [running, withFiles, endedLate, young];
  expect(await kept()).toEqual({
    row: expect.toSatisfy(same(left)),
    log: expect.toSatisfy(same([withFiles, endedLate, young])),
    key: expect.toSatisfy(same(left)),
    ledger: expect.toSatisfy(same([...left, unbalanced])),
  });
});

function same(wanted: readonly string[]) {
  return (ids: string[]) => JSON.stringify(ids.toSorted()) === JSON.stringify([...wanted].toSorted());
}

it('what others own is asked for as far back as work of the same time can be', async () => {
  const { steps, clock } = domain;
  const target = { upstream: 'openai', model: 'video' };
  const submit = async (operation?: string) => {
    const id = await make();
    const lease = { id, credentialId: 'cred', epoch: 1 };
    await steps.intend({ step: { id, attempt: 0 }, lease, target, baseUrl: 'http://vendor', lookAtMs: clock.now() });
    if (operation === undefined) return steps.find(id);
    await steps.adopt({ id, expected: ['submitting'], attempt: 1, state: 'submitted', operation: { id: operation } });
    return undefined;
  };
  await submit('long ago');
  await clock.advance(3_600_000);
  await submit('before');
  await clock.advance(600_000);
  const asking = await submit();
  await submit('after');
  expect(asking && (await steps.ownedByOthers(asking))).toEqual(new Set(['before', 'after']));
});
