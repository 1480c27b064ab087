import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '@sluice/contracts/clock';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createCredentialAdmin } from '@sluice/domain-credentials/create-credential-admin';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { openVault } from '@sluice/domain-credentials/open-vault';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { openaiManifest } from '@sluice/manifests/openai';
import { createLogger } from '@sluice/platform-logger/logger';
import { createProducer } from '@sluice/platform-queue/create-producer';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FakePainter, held, made, untilLeft } from './__fixtures__/fake-painter.js';
import { loadWorkerConfig } from './run-worker.js';
import { startWorker } from './start-worker.js';
import { openWorkerStores } from './worker-stores.js';

it('a worker that is shut down finishes the calls that it attends, and says of the others that nobody knows', async () => {
  const database = await createTestDatabase();
  const { url } = await createTestRedis();
  const home = await mkdtemp(join(tmpdir(), 'sluice-drain-'));
  const config = loadWorkerConfig({
    DATABASE_URL: database.url,
    REDIS_URL: url,
    SLUICE_HOME: home,
    SLUICE_MASTER_KEY: 'a master key of the tests',
  });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const stores = await openWorkerStores({ config, logger, service: 'test' });
  const watching = await openWorkerStores({ config, logger, service: 'test' });
  const { postgres, redis, requestRedis, subscriber, metrics } = watching;
  const vault = await openVault({ masterKey: config.SLUICE_MASTER_KEY, postgres });
  const leases = new LeaseStore({ redis, prefix: 'sluice', leaseMs: 4_000 });
  const { admin } = createCredentialAdmin({ postgres, vault, leases, clock, logger });
  await admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-test' }, models: ['image'] });
  const painter = new FakePainter();
  const { job, http } = painter;
  const image = {
    ...job,
    start: (...[request, context]: Parameters<typeof job.start>) => job.start(request, { ...context, http }),
  };
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  painter.plan = async function* (context) {
    const isSlow = painter.taken.length > 1;
    await (isSlow ? untilLeft(context) : Promise.race([finished, untilLeft(context)]));
    yield made([held('1')]);
  };
  const upstream = { manifest: openaiManifest, credential: z.unknown(), jobs: { image } };
  const worker = await startWorker({ upstream, config, logger, stores, clock });
  const producer = createProducer({ redis: requestRedis, metrics });
  const shared = { postgres, producer, redis, subscriber, names: liveNames('sluice'), clock, onError: () => {} };
  const { generations } = createDurableGenerations(shared);
  const submit = async (prompt: string) => {
    const createdAtMs = Date.now();
    const id = createGenerationId(createdAtMs);
    await generations.submit({
      id,
      ownerKeyId: 'owner',
      dialect: 'openai-images',
      model: 'image',
      targets: [{ upstream: 'openai', model: 'image' }],
      input: { kind: 'image', request: { model: 'image', prompt } },
      reservation: { unit: 'image', amount: 1 },
      requestId: 'req',
      createdAtMs,
      deadlineAtMs: createdAtMs + 600_000,
    });
    await expect.poll(() => painter.timesTaken(prompt), { timeout: 10_000 }).toBe(1);
    return id;
  };
  const ids = [await submit('quick'), await submit('slow')];
  const stopped = worker.stop(Date.now() + 4_500);
  finish();
  await stopped;
  const rows = await Promise.all(ids.map((id) => generations.find(id, 'owner')));
  expect(rows.map((row) => [row?.state, row?.error?.code, row?.attempt])).toEqual([
    ['succeeded', undefined, 1],
    ['failed', 'outcome_unknown', 1],
  ]);
  expect(painter.taken).toEqual(['quick', 'slow']);
  await producer.close();
  await watching.close();
  await database.drop();
  await rm(home, { recursive: true, force: true });
}, 40_000);
