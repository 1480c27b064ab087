import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { createLogger } from '@sluice/platform-logger/logger';
import { createRedis } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { type RedisServer, startRedisServer } from '@sluice/testing/start-redis-server';
import { createProducer, type Producer } from './create-producer.js';
import type { JobHandle, JobOutcome } from './job-handle.js';
import { type Consumer, type ConsumerOptions, startConsumer } from './start-consumer.js';

const cleanups: (() => unknown)[] = [];
/** Ends what a test began; to be called after each. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
export const DONE: JobOutcome = { type: 'done' };
const metrics = createMetrics({ service: 'test' });

export function payload(id: string): InteractiveGeneration {
  return {
    id,
    kind: 'chat',
    ownerKeyId: 'key',
    dialect: 'openai-chat',
    model: 'demo',
    targets: [{ upstream: 'openai', model: 'demo' }],
    createdAtMs: 1,
    deadlineAtMs: 2,
    isStreamed: true,
    requestId: 'request-1',
    traceparent: TRACEPARENT,
    replyTo: 'gateway-1',
    input: { kind: 'chat', request: { model: 'demo', messages: [] } },
  };
}

export async function producerAt(url: string): Promise<Producer> {
  const redis = createRedis({ url, role: 'request', name: 'test', onError: () => undefined });
  await redisReady(redis, AbortSignal.timeout(5_000));
  const producer = createProducer({ redis, metrics });
  cleanups.push(() => producer.close().then(() => redis.disconnect()));
  return producer;
}

type Handler = (payload: InteractiveGeneration, job: JobHandle) => Promise<JobOutcome>;
const done = (): Promise<JobOutcome> => Promise.resolve({ type: 'done' });

export async function consumerAt(
  redisUrl: string,
  handler: Handler,
  more: Partial<ConsumerOptions> = {},
): Promise<Consumer> {
  const redis = createRedis({ url: redisUrl, role: 'worker', name: 'test', onError: () => undefined });
  const consumer = startConsumer({
    redis,
    upstream: 'openai',
    queueClass: 'interactive',
    concurrency: 4,
    handlers: { 'run-generation': handler, 'tend-credential': done, 'poll-credential': done, 'step-generation': done },
    metrics,
    logger: createLogger({ service: 'test', level: 'silent' }),
    ...more,
  });
  cleanups.push(() => consumer.close({ graceMs: 50 }).then(() => redis.disconnect()));
  await consumer.ready();
  return consumer;
}

export const add = (producer: Producer, id: string, more: { delayMs?: number } = {}) =>
  producer.add('run-generation', { upstream: 'openai', payload: payload(id), jobId: id, ...more });
export const address = (jobId: string) => ({ name: 'run-generation', upstream: 'openai', jobId }) as const;

/** How many wait at an empty queue. */
export async function countIdle(url: string): Promise<number> {
  const redis = createRedis({ url, role: 'worker', name: 'test', onError: () => undefined });
  const clients = String(await redis.client('LIST')).split('\n');
  redis.disconnect();
  const database = new URL(url).pathname.slice(1) || '0';
  return clients.filter((client) => client.includes(` db=${database} `) && client.includes(' flags=b ')).length;
}

/** A promise with its ends outside. */
export function gate<Value>() {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => (open = resolve));
  return { open, opened };
}

export async function ownServer(port?: number): Promise<RedisServer> {
  const server = await startRedisServer(port === undefined ? {} : { port });
  cleanups.push(() => server.stop());
  return server;
}
