import { randomUUID } from 'node:crypto';
import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import { createProducer } from '@sluice/platform-queue/create-producer';
import { createRedis, type RedisRole } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { createDurableGenerations } from '../create-durable-generations.js';
import { DurableSteps } from '../durable-steps.js';
import { liveNames } from '../live-channel.js';

/** Durable generations on real stores of their own, with a clock that stands still. */
export async function createDurableDomain() {
  const database = await createTestDatabase();
  const { url } = await createTestRedis();
  const prefix = `test-${randomUUID()}`;
  const names = liveNames(prefix);
  const clock = createFakeClock(Date.now());
  const connect = (role: RedisRole) => createRedis({ url, role, name: 'test', onError: () => {} });
  const [redis, subscriber] = [connect('request'), connect('subscriber')];
  await redisReady(redis, AbortSignal.timeout(5_000));
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const producer = createProducer({ redis, prefix, metrics: createMetrics({ service: 'test' }) });
  const onError = (error: unknown) => {
    throw error;
  };
  const domain = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError });
  return {
    ...domain,
    postgres,
    redis,
    prefix,
    producer,
    clock,
    steps: new DurableSteps({ postgres, live: domain.live, clock }),
    submission(changes: Partial<DurableSubmission> = {}): DurableSubmission {
      const createdAtMs = clock.now();
      return {
        id: createGenerationId(createdAtMs),
        ownerKeyId: 'owner',
        dialect: 'openai-chat',
        model: 'video',
        targets: [{ upstream: 'openai', model: 'video' }],
        input: { kind: 'video', request: { model: 'video', prompt: 'a cat' } },
        reservation: { unit: 'second', amount: 8 },
        requestId: 'req',
        createdAtMs,
        deadlineAtMs: createdAtMs + 3_600_000,
        ...changes,
      };
    },
    async close() {
      await producer.close();
      redis.disconnect();
      subscriber.disconnect();
      await postgres.close();
      await database.drop();
    },
  };
}

export type DurableDomain = Awaited<ReturnType<typeof createDurableDomain>>;
