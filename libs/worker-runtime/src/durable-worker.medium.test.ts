import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/contracts/clock';
import { isFinal } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createCredentialAdmin } from '@sluice/domain-credentials/create-credential-admin';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { openVault } from '@sluice/domain-credentials/open-vault';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { Ledger } from '@sluice/domain-generations/ledger';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { openaiManifest } from '@sluice/manifests/openai';
import { createLogger } from '@sluice/platform-logger/logger';
import { createProducer } from '@sluice/platform-queue/create-producer';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FakeVendor } from './__fixtures__/fake-vendor.js';
import { DURABLE_TIMING } from './durable-deps.js';
import { loadWorkerConfig } from './run-worker.js';
import { startWorker } from './start-worker.js';
import { openWorkerStores } from './worker-stores.js';

const VIDEOS = 6;
const LIMIT = 2;

/** Small enough to watch; the order of the times is kept. */
const timing = {
  ...DURABLE_TIMING,
  submitTimeoutMs: 800,
  lookUpAfterMs: 1_000,
  lookUpGapMs: 100,
  firstPollMs: 50,
  longestPollMs: 200,
  shortestTickMs: 20,
};

it('a worker does all of it by itself: never more at once than allowed, and through a Redis that loses everything', async () => {
  const database = await createTestDatabase();
  const { url } = await createTestRedis();
  const home = await mkdtemp(join(tmpdir(), 'sluice-worker-'));
  const config = loadWorkerConfig({
    DATABASE_URL: database.url,
    REDIS_URL: url,
    SLUICE_HOME: home,
    SLUICE_MASTER_KEY: 'a master key of the tests',
    CREDENTIAL_LEASE_MS: '4000',
  });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const clock = systemClock;
  const stores = await openWorkerStores({ config, logger, service: 'test' });
  const { postgres, redis, requestRedis, subscriber, metrics } = stores;
  const vault = await openVault({ masterKey: config.SLUICE_MASTER_KEY, postgres });
  const leases = new LeaseStore({ redis, prefix: 'sluice', leaseMs: 4_000 });
  const { admin } = createCredentialAdmin({ postgres, vault, leases, clock, logger });
  const secret = { apiKey: 'sk-test' };
  await admin.create({ upstream: 'openai', kind: 'api-key', secret, models: ['video'], limits: { video: LIMIT } });
  const vendor = new FakeVendor(() => Date.now());
  let mostAtOnce = 0;
  vendor.onTaken = () => {
    const running = vendor.made.filter(({ status }) => status === 'running').length;
    mostAtOnce = Math.max(mostAtOnce, running);
  };
  const upstream = {
    manifest: openaiManifest,
    credential: z.unknown(),
    jobs: { video: vendor.jobWithOwnNetwork },
  };
  const worker = await startWorker({ upstream, config, logger, stores, clock, timing });
  const producer = createProducer({ redis: requestRedis, metrics });
  const onError = () => {};
  const names = liveNames('sluice');
  const { generations } = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError });
  const ids: string[] = [];
  vendor.plan.push('lost reply');
  for (let count = 0; count < VIDEOS; count += 1) {
    const createdAtMs = Date.now();
    const id = createGenerationId(createdAtMs);
    ids.push(id);
    await generations.submit({
      id,
      ownerKeyId: 'owner',
      dialect: 'openai-chat',
      model: 'video',
      targets: [{ upstream: 'openai', model: 'video' }],
      input: { kind: 'video', request: { model: 'video', prompt: `prompt ${count}` } },
      reservation: { unit: 'second', amount: 8 },
      requestId: 'req',
      createdAtMs,
      deadlineAtMs: createdAtMs + 600_000,
    });
  }
  const rows = async () => Promise.all(ids.map((id) => generations.find(id, 'owner')));
  await expect.poll(() => vendor.made.length).toBeGreaterThanOrEqual(LIMIT);
  await redis.flushdb();
  const finishing = clock.after(300, function again() {
    const [first] = vendor.made.filter(({ status }) => status === 'running');
    if (first) first.status = 'done';
    clock.after(50, again);
  });
  await expect
    .poll(async () => (await rows()).filter((row) => row && isFinal(row.state)).length, { timeout: 18_000 })
    .toBe(VIDEOS);
  finishing();
  expect((await rows()).map((row) => row?.state)).toEqual(ids.map(() => 'succeeded'));
  expect(ids.map((_id, index) => vendor.submissionsOf(`prompt ${index}`))).toEqual(ids.map(() => 1));
  expect(mostAtOnce).toBeLessThanOrEqual(LIMIT);
  expect(await new Ledger({ postgres, clock }).imbalances(3_600_000)).toEqual([]);
  await expect.poll(() => redis.keys('sluice:pool:leases:*:video')).toEqual([]);
  await producer.close();
  await worker.stop(Date.now() + 2_000);
  await database.drop();
  await rm(home, { recursive: true, force: true });
}, 40_000);
