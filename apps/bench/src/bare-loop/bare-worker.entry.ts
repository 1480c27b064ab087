import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { z } from 'zod';
import { announcePort, entryArgument } from '../process/entry-life.js';
import { encodeBarePart, queueName, resultChannel } from './bare-part.js';
import type { BareJob } from './bare-part.js';

const argumentSchema = z.object({ redisSocket: z.string(), upstreamUrl: z.string() });
const { redisSocket, upstreamUrl } = argumentSchema.parse(entryArgument());
/** A BullMQ Worker fetches one job after another; several in the process keep it from waiting on Redis. */
const workerCount = 4;
/** Together above the 2,000 idle streams, so that no scenario waits for a free slot. */
const concurrency = 1024;

// No auto-pipelining: here it costs more CPU than the system calls that it saves.
const redis = { path: redisSocket, maxRetriesPerRequest: null };
const publisher = new Redis(redis);
const upstream = new Pool(upstreamUrl, { connections: null, pipelining: 1 });
for (let index = 0; index < workerCount; index += 1) {
  const worker = new Worker<BareJob>(queueName, (job) => relay(job.data), { connection: redis, concurrency });
  worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await worker.waitUntilReady();
}
announcePort(0);

/** Calls the upstream and publishes what comes back. The publishes are not awaited: the connection keeps their order. */
function relay({ id, body }: BareJob): Promise<void> {
  return new Promise((resolve) => {
    const publish = (text: string): void => void publisher.publish(resultChannel, text);
    let isStream = false;
    let gathered = '';
    // Chunks that came in one read of the socket go out as one message: nothing waits for a timer.
    const flush = (): void => {
      if (gathered !== '') publish(encodeBarePart('D', id, gathered));
      gathered = '';
    };
    upstream.dispatch(
      { path: '/v1/chat/completions', method: 'POST', headers: { 'content-type': 'application/json' }, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, _status, headers) => {
          isStream = String(headers['content-type']).startsWith('text/event-stream');
        },
        onResponseData: (_controller, chunk) => {
          if (isStream && gathered === '') process.nextTick(flush);
          gathered += chunk.toString();
        },
        onResponseEnd: () => {
          if (isStream) {
            flush();
            publish(encodeBarePart('E', id));
          } else publish(encodeBarePart('P', id, gathered));
          resolve();
        },
        onResponseError: () => {
          publish(encodeBarePart('F', id));
          resolve();
        },
      },
    );
  });
}
