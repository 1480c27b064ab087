import { createLogger } from '@sluice/platform-logger/logger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { createCredentialAdmin } from './create-credential-admin.js';
import { systemClock } from '@sluice/contracts/clock';

const MARKER = 'mark3r-that-nobody-may-read';

let rig: PoolRig;
beforeAll(async () => {
  rig = await createPoolRig();
});
afterAll(() => rig.close());

async function dumpPostgres(): Promise<string> {
  const tables = await rig.postgres.query<{ name: string }>({
    text: `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'partitions')`,
  });
  let dump = '';
  for (const { name } of tables.rows) {
    const { rows } = await rig.postgres.query<{ row: string }>({
      text: `SELECT to_jsonb(t)::text AS row FROM ${name} t`,
    });
    dump += rows.map(({ row }) => `${name} ${row}\n`).join('');
  }
  return dump;
}

async function dumpRedis(): Promise<string> {
  let dump = '';
  for (const key of await rig.redis.keys('*'))
    dump += `${key} ${(await rig.redis.dumpBuffer(key))?.toString('latin1') ?? ''}\n`;
  return dump;
}

test('no secret is in clear in the database, in Redis, in logs or in failures', async () => {
  let log = '';
  const logger = createLogger({
    service: 'test',
    level: 'trace',
    destination: { write: (line: string) => void (log += line) },
  });
  const { postgres, vault, leases } = rig;
  const { admin, imports } = createCredentialAdmin({ postgres, vault, leases, clock: systemClock, logger });
  const proxyUrl = `socks5://user:${MARKER}-proxy@proxy.example.com:1080`;
  const base = { upstream: 'openai', kind: 'api-key' };
  const { credential } = await admin.create({ ...base, secret: { apiKey: `sk-${MARKER}` }, settings: { proxyUrl } });
  expect(credential.settings.proxyUrl).toBe('socks5://user:***@proxy.example.com:1080');
  async function* body() {
    yield Buffer.from(
      JSON.stringify([
        { ...base, secret: { apiKey: `sk-${MARKER}-2` } },
        { ...base, secret: { wrong: `sk-${MARKER}-3` } },
      ]).replace(/\]$/, `,{"secret":"${MARKER}"`),
    );
  }
  let told = JSON.stringify(credential);
  for await (const batch of imports.run(body(), {})) told += JSON.stringify(batch);
  const pool = await rig.newPool();
  const answer = await pool.lease({ upstream: 'openai', use: 'chat', model: 'm', generationId: 'g' });
  if (answer.type === 'leased')
    await pool.release(answer.lease, { type: 'failed', error: { code: 'upstream_auth', message: 'refused' } });
  await admin.update(credential.id, { secret: { apiKey: `sk-${MARKER}` } });
  for (const text of [await dumpPostgres(), await dumpRedis(), log, told]) {
    expect(text).not.toContain(MARKER);
    expect(text).not.toContain(Buffer.from(MARKER).toString('hex'));
    expect(text).not.toContain(Buffer.from(MARKER).toString('base64').slice(0, 24));
  }
  expect(await dumpPostgres()).toContain(credential.id);
  expect(await admin.reveal(credential.id)).toEqual({ id: credential.id, secret: { apiKey: `sk-${MARKER}` } });
});
