import type { Statement } from '@sluice/platform-postgres/statement';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableDomain, type DurableDomain } from './__fixtures__/durable-domain.js';
import { findHiddenCharacters, findUserOf, measurePace } from './durable-statements.js';
import { checkLedger, listDueSteps, listOwnedOperations } from './step-statements.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

let domain: DurableDomain;
beforeAll(async () => {
  domain = await createDurableDomain();
  await domain.postgres.query({
    text: `WITH made AS (
        SELECT 'gen_' || md5(number::text) AS id, $1::timestamptz - number * interval '1 minute' AS at, number
        FROM generate_series(0, 29999) AS number
      ), generations AS (
        INSERT INTO durable_generation
          (id, kind, owner_key_id, dialect, model, targets, queue_upstream, upstream, base_url, operation_key, input, state,
            request_id, created_at, deadline_at, submitted_at, finished_at)
        SELECT id, 'video', 'owner', 'openai-chat', 'video', '[]', 'openai', 'openai', 'http://vendor', id, '{}', 'succeeded',
          'req', at, at, at, at
        FROM made
      )
      INSERT INTO ledger (generation_id, kind, owner_key_id, unit, amount, at)
      SELECT id, kind, 'owner', 'second', 8, at FROM made, (VALUES ('reserve'), ('settle')) AS line (kind)`,
    values: [new Date(NOW)],
  });
  await domain.postgres.query({ text: 'VACUUM ANALYZE durable_generation, ledger' });
});
afterAll(() => domain.close());

async function explain<Row extends object, Parameters extends readonly unknown[]>(
  { text }: Statement<Row, Parameters>,
  ...values: Parameters
) {
  const { rows } = await domain.postgres.query<{ 'QUERY PLAN': string }>({
    text: `EXPLAIN (COSTS off) ${text}`,
    values,
  });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

it('the ledger is looked through from its latest reservations', async () => {
  const plan = await explain(checkLedger, new Date(NOW - 100 * MINUTE_MS), 100);
  expect(plan).toContain('ledger_reserve_at_idx');
  expect(plan).not.toContain('Seq Scan');
});

it('the pace of an upstream is read from its latest ends', async () => {
  const plan = await explain(measurePace, 'openai', new Date(NOW - 1_000 * MINUTE_MS));
  expect(plan).toContain('durable_generation_pace_idx');
  expect(plan).not.toContain('Seq Scan');
});

it('what others own is asked for the time of the submission alone', async () => {
  const plan = await explain(listOwnedOperations, 'openai', 'http://vendor', 'gen_', new Date(NOW - 100 * MINUTE_MS));
  expect(plan).toContain('durable_generation_owned_idx');
  expect(plan).not.toContain('Seq Scan');
});

it('late steps are read upstream by upstream, from where the last look ended', async () => {
  const plan = await explain(listDueSteps, new Date(NOW), '[]', 500);
  expect(plan).toMatch(/Index Cond: \(\(queue_upstream = .*next_step_at <= .*ROW\(next_step_at, id\) >/);
  expect(plan).not.toContain('Seq Scan on durable_generation');
});

it('who needs something is looked for among what is being made alone', async () => {
  const plan = await explain(findUserOf, 'owner', ['gen_']);
  expect(plan).toContain('durable_generation_deadline_idx');
  expect(plan).not.toContain('Seq Scan');
});

it('hidden characters are looked for by what their accounts call them', async () => {
  expect(await explain(findHiddenCharacters, 'owner', ['ch_1'])).toContain('durable_generation_character_idx');
});
