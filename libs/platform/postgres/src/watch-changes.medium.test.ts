import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPostgres } from './create-postgres.js';
import type { Postgres } from './create-postgres.js';
import { Listener } from './listener.js';
import { watchChanges, watchedTableSchema } from './watch-changes.js';

let database: TestDatabase;
let postgres: Postgres;
let listener: Listener;
let changes: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  listener = new Listener({ url: database.url, applicationName: 'listening' });
  changes = [];
  await Promise.all(
    watchedTableSchema.options.map(
      (table) =>
        new Promise<void>((resolve) =>
          watchChanges(listener, {
            table,
            onChange: (id) => changes.push(`${table} ${id}`),
            onGap() {
              changes.push(`${table} gap`);
              resolve();
            },
          }),
        ),
    ),
  );
  changes.length = 0;
});
afterEach(async () => {
  await listener.close();
  await postgres.close();
  await database.drop();
});

/** What was told until now: notifications come in the order of the commits, so a last one of our own marks the end. */
async function changesAfter(...statements: string[]): Promise<string[]> {
  for (const text of statements) await postgres.query({ text });
  const marked = new Promise<void>((resolve) => {
    const stop = watchChanges(listener, {
      table: 'setting',
      onGap: () =>
        void postgres.query({ text: `INSERT INTO setting (name, value) VALUES ('mark', '1') ON CONFLICT DO NOTHING` }),
      onChange(id) {
        if (id !== 'mark') return;
        stop();
        resolve();
      },
    });
  });
  await marked;
  return changes.filter((change) => change !== 'setting mark');
}

const addCredential = `INSERT INTO credential (id, upstream, kind, label, identity, secret) VALUES ('c1', 'openai', 'key', 'one', 'hash', '\\x00')`;
const addKey = `INSERT INTO api_key (id, name, hash, last_four) VALUES ('k1', 'one', '\\x00', '1234')`;

test('rows that are added, changed and removed are told once each', async () => {
  expect(
    await changesAfter(
      addCredential,
      `UPDATE credential SET enabled = false`,
      `DELETE FROM credential`,
      addKey,
      `UPDATE api_key SET revoked_at = now()`,
      `DELETE FROM api_key`,
      `INSERT INTO route (model, targets, strategy) VALUES ('gpt', '[]', 'first')`,
      `UPDATE route SET strategy = 'spread'`,
      `DELETE FROM route`,
      `INSERT INTO setting (name, value) VALUES ('retention', '7')`,
      `UPDATE setting SET value = '8' WHERE name = 'retention'`,
    ),
  ).toEqual([
    ...Array<string>(3).fill('credential c1'),
    ...Array<string>(3).fill('api_key k1'),
    ...Array<string>(3).fill('route gpt'),
    ...Array<string>(2).fill('setting retention'),
  ]);
});

test('a new key of a row tells the old and the new one', async () => {
  const route = `INSERT INTO route (model, targets, strategy) VALUES ('old', '[]', 'first')`;
  expect(await changesAfter(route, `UPDATE route SET model = 'new'`)).toEqual(['route old', 'route old', 'route new']);
});

test('counters and times of use tell nobody', async () => {
  expect(
    await changesAfter(
      addCredential,
      addKey,
      `UPDATE credential SET counters = '{"requests": 1}', next_try_at = now(), updated_at = now()`,
      `UPDATE api_key SET last_used_at = now()`,
    ),
  ).toEqual(['credential c1', 'api_key k1']);
});

test('a change of a table that only a newer release knows disturbs nobody', async () => {
  expect(await changesAfter(`NOTIFY sluice_changed, '{"table": "webhook", "id": "w1"}'`)).toEqual([]);
});

test('a notification that cannot be read makes everybody read everything again', async () => {
  const gaps = watchedTableSchema.options.map((table) => `${table} gap`);
  expect(await changesAfter(`NOTIFY sluice_changed, 'nonsense'`)).toEqual(gaps);
});
