import type { GatewayError } from '@sluice/contracts/gateway-error';
import { followLogContext, logContext } from '@sluice/platform-logger/log-context';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import {
  add,
  address,
  cleanUp,
  consumerAt,
  countIdle,
  DONE,
  gate,
  onCleanUp,
  ownServer,
  payload,
  producerAt,
} from './queue-rig.fixture.js';

afterEach(cleanUp);

/** A way to the store that can be cut and mended. */
async function wireTo(url: string) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  onCleanUp(() => {
    cut();
    server.close();
  });
  const wireUrl = new URL(url);
  wireUrl.port = String((server.address() as AddressInfo).port);
  return { url: wireUrl.href, cut, mend: () => (isCut = false) };
}

describe('the way of a job', () => {
  test('the handler gets the payload, a first attempt, a span of the trace, and its ids in the log context', async () => {
    const { url } = await createTestRedis();
    followLogContext();
    const seen = gate<unknown>();
    await consumerAt(url, async (received, job) => {
      seen.open({ received, id: job.id, attempt: job.attempt, traceparent: job.traceparent, context: logContext() });
      return DONE;
    });
    await add(await producerAt(url), 'gen_1');

    expect(await seen.opened).toMatchObject({
      received: payload('gen_1'),
      id: 'gen_1',
      attempt: 1,
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/),
      context: { requestId: 'request-1', generationId: 'gen_1' },
    });
  });

  test('a job that is put back is started again at its time, as attempt 2', async () => {
    const { url } = await createTestRedis();
    const dueAtMs = Date.now() + 120;
    const again = gate<{ attempt: number; atMs: number }>();
    await consumerAt(url, async (_payload, { attempt }) => {
      if (attempt === 1) return { type: 'put-back', delayUntilMs: dueAtMs };
      again.open({ attempt, atMs: Date.now() });
      return DONE;
    });
    await add(await producerAt(url), 'gen_1');

    const { attempt, atMs } = await again.opened;
    expect(attempt).toBe(2);
    expect(atMs).toBeGreaterThanOrEqual(dueAtMs);
  });

  test('a second add of the same id does nothing', async () => {
    const { url } = await createTestRedis();
    const producer = await producerAt(url);
    await add(producer, 'gen_1');
    await add(producer, 'gen_1');

    expect(await producer.counts('openai', 'interactive')).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });

  test('a handler that throws ends its job, and the next one runs', async () => {
    const { url } = await createTestRedis();
    const next = gate<string>();
    await consumerAt(
      url,
      async (received) => {
        if (received.id === 'gen_1') throw new Error('a bug');
        next.open(received.id);
        return DONE;
      },
      { concurrency: 1 },
    );
    const producer = await producerAt(url);
    await add(producer, 'gen_1');
    await add(producer, 'gen_2');

    expect(await next.opened).toBe('gen_2');
    expect(await producer.remove(address('gen_1'))).toBe('missing');
  });
});

describe('remove and promote', () => {
  test('a waiting job is removed, an active one is not, an unknown one is missing', async () => {
    const { url } = await createTestRedis();
    const producer = await producerAt(url);
    await add(producer, 'gen_waiting');
    expect(await producer.remove(address('gen_waiting'))).toBe('removed');
    expect(await producer.remove(address('gen_waiting'))).toBe('missing');

    const started = gate<void>();
    const end = gate<void>();
    await consumerAt(url, async () => {
      started.open();
      await end.opened;
      return DONE;
    });
    await add(producer, 'gen_active');
    await started.opened;
    expect(await producer.remove(address('gen_active'))).toBe('active');
    end.open();
  });

  test('a delayed job that is promoted starts at once', async () => {
    const { url } = await createTestRedis();
    const started = gate<string>();
    await consumerAt(url, async (received) => {
      started.open(received.id);
      return DONE;
    });
    const producer = await producerAt(url);
    await add(producer, 'gen_1', { delayMs: 600_000 });
    expect(await producer.counts('openai', 'interactive')).toEqual({ waiting: 0, active: 0, delayed: 1 });

    expect(await producer.promote(address('gen_1'))).toBe(true);
    expect(await started.opened).toBe('gen_1');
    expect(await producer.promote(address('gen_2'))).toBe(false);
  });
});

describe('the end of a worker', () => {
  test('drain takes nothing more and waits for what runs', async () => {
    const { url } = await createTestRedis();
    const started = gate<void>();
    const end = gate<void>();
    const consumer = await consumerAt(url, async () => {
      started.open();
      await end.opened;
      return DONE;
    });
    const producer = await producerAt(url);
    await add(producer, 'gen_1');
    await started.opened;
    // A fetch that is on its way still brings what it finds.
    await expect.poll(() => countIdle(url)).toBe(3);
    const drained = consumer.drain({ deadlineMs: 10_000 });
    await add(producer, 'gen_2');
    end.open();

    expect(await drained).toEqual([]);
    expect(await producer.counts('openai', 'interactive')).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });

  test('what still runs at the deadline is told, ended by its signal, and handed to another consumer at once', async () => {
    const { url } = await createTestRedis();
    const started = gate<AbortSignal>();
    const consumer = await consumerAt(url, (_payload, job) => {
      started.open(job.signal);
      return new Promise(() => undefined);
    });
    const producer = await producerAt(url);
    await add(producer, 'gen_1');
    const signal = await started.opened;

    expect(await consumer.drain({ deadlineMs: 20 })).toEqual(['gen_1']);
    expect(signal.aborted).toBe(false);
    await consumer.close({ graceMs: 20 });
    expect(signal.reason).toMatchObject({ code: 'draining' });

    const takenOver = gate<number>();
    await consumerAt(url, async (_payload, job) => {
      takenOver.open(job.attempt);
      return DONE;
    });
    expect(await takenOver.opened).toBe(2);
  });

  test('the job of a worker that is cut off runs elsewhere as attempt 2, and the first one is told when it is back', async () => {
    const { url } = await createTestRedis();
    const wire = await wireTo(url);
    const policy = { lockMs: 600, stalledCheckMs: 150, maximumStalls: 5 };
    const started = gate<AbortSignal>();
    await consumerAt(
      wire.url,
      (_payload, job) => {
        started.open(job.signal);
        return new Promise(() => undefined);
      },
      { policy },
    );
    await add(await producerAt(url), 'gen_1');
    const signal = await started.opened;
    wire.cut();

    const takenOver = gate<number>();
    const end = gate<void>();
    await consumerAt(
      url,
      async (_payload, job) => {
        takenOver.open(job.attempt);
        await end.opened;
        return DONE;
      },
      { policy },
    );
    expect(await takenOver.opened).toBe(2);
    const told = once(signal, 'abort');
    wire.mend();
    await told;
    end.open();
  });
});

describe('trouble with the store', () => {
  test('add fails fast where the store is gone', async () => {
    const server = await ownServer();
    const producer = await producerAt(server.url);
    await server.stop();

    const startedAtMs = Date.now();
    await expect(add(producer, 'gen_1')).rejects.toMatchObject({ code: 'unavailable' } satisfies Partial<GatewayError>);
    expect(Date.now() - startedAtMs).toBeLessThan(300);
  });

  test('add fails fast where the store does not answer, also behind an earlier one', async () => {
    const server = await ownServer();
    const producer = await producerAt(server.url);
    await add(producer, 'gen_0');
    process.kill(server.pid, 'SIGSTOP');

    const startedAtMs = Date.now();
    const results = await Promise.allSettled([
      add(producer, 'gen_1'),
      Promise.resolve().then(() => add(producer, 'gen_2')),
    ]);
    const tookMs = Date.now() - startedAtMs;
    process.kill(server.pid, 'SIGCONT');
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tookMs).toBeLessThan(1_400);
  });

  test('a consumer goes on after a restart of the store', async () => {
    const server = await ownServer();
    const ran = gate<string>();
    await consumerAt(server.url, async (received) => {
      ran.open(received.id);
      return DONE;
    });
    await server.stop();
    await ownServer(server.port);
    await add(await producerAt(server.url), 'gen_1');

    expect(await ran.opened).toBe('gen_1');
  });
});
