import { randomUUID } from 'node:crypto';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import type { PartRecord } from '@sluice/contracts/part';
import type {
  CredentialSource,
  LeaseAnswer,
  LeaseOutcome,
  LeaseRequest,
} from '@sluice/domain-credentials/credential-source';
import { broadcastCancel, CancelListener } from '@sluice/domain-generations/cancellation';
import type { GenerationRecord } from '@sluice/domain-generations/generation-record';
import { GenerationWriter } from '@sluice/domain-generations/generation-writer';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { LiveReader } from '@sluice/domain-generations/live-reader';
import { LiveWriter, readLastSequence } from '@sluice/domain-generations/live-writer';
import { systemClock } from '@sluice/contracts/clock';
import { openaiManifest } from '@sluice/manifests/openai';
import { createRedis, type RedisRole } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GenerationRunner } from './generation-runner.js';
import { LeaseKeeper } from './lease-keeper.js';

type Script = (context: UpstreamContext<unknown>) => AsyncIterable<ChatPart>;

const names = liveNames(`test-${randomUUID()}`);
const clock = systemClock;
let connections: Redis[] = [];
let redis: Redis;
let reader: LiveReader;
let cancels: CancelListener;

beforeAll(async () => {
  const { url } = await createTestRedis();
  const connect = (role: RedisRole) => {
    const connection = createRedis({ url, role, name: 'test', onError: () => {} });
    connections.push(connection);
    return connection;
  };
  redis = connect('worker');
  reader = new LiveReader({
    redis,
    subscriber: connect('subscriber'),
    names,
    replicaId: 'here',
    clock,
    loadFinished: async () => undefined,
    isAlive: async () => true,
    onError: () => {},
  });
  await reader.start();
  cancels = new CancelListener({ subscriber: connect('subscriber'), names, clock });
  await cancels.start();
});

afterAll(() => {
  reader.stop();
  for (const connection of connections) connection.disconnect();
  connections = [];
});

const text = (value: string): ChatPart => ({ type: 'text-delta', choice: 0, text: value });
const finish: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };

async function* say(...parts: ChatPart[]): AsyncIterable<ChatPart> {
  yield* parts;
}

async function* fail(error: GatewayError, ...parts: ChatPart[]): AsyncIterable<ChatPart> {
  yield* parts;
  throw error;
}

class FakeSource implements CredentialSource {
  readonly requests: LeaseRequest[] = [];
  readonly outcomes: LeaseOutcome[] = [];
  constructor(private readonly answer: (request: LeaseRequest) => LeaseAnswer = (request) => leased(request)) {}
  async lease(request: LeaseRequest): Promise<LeaseAnswer> {
    this.requests.push({ ...request, excluded: [...(request.excluded ?? [])] });
    return this.answer(request);
  }
  async renew(): Promise<boolean> {
    return true;
  }
  async release(_lease: Lease, outcome: LeaseOutcome): Promise<void> {
    this.outcomes.push(outcome);
  }
  async close(): Promise<void> {}
}

function leased(request: LeaseRequest): LeaseAnswer {
  const credentialId = ['one', 'two'].find((id) => !request.excluded?.includes(id));
  if (!credentialId) return { type: 'none-free', noneFree: { reason: 'all tried', isHopeless: false } };
  const lease: Lease = {
    id: randomUUID(),
    credentialId,
    epoch: 1,
    expiresAtMs: clock.now() + 30_000,
    kind: 'api-key',
    secret: { apiKey: 'x' },
    baseUrl: 'http://127.0.0.1:1',
    allowPrivateNetwork: true,
  };
  return { type: 'leased', lease };
}

function setUp(script: Script, source = new FakeSource()) {
  const rows: GenerationRecord[] = [];
  const upstream: Upstream<unknown> = {
    manifest: openaiManifest,
    credential: z.unknown(),
    chat: (_request, context) => script(context),
  };
  const writer = new GenerationWriter({
    write: async () => {},
    isRowFault: () => false,
    clock,
    onDropped: () => {},
    onError: () => {},
  });
  const record = writer.record.bind(writer);
  writer.record = (row) => {
    rows.push(row);
    record(row);
  };
  const runner = new GenerationRunner({
    upstream,
    source,
    keeper: new LeaseKeeper({ source, clock }),
    cancels,
    rows: writer,
    clock,
    random: () => 0,
    readMedia: async function* () {},
    httpFor: () => ({ request: () => Promise.reject(new Error('no network')) }),
    openLog: ({ id, replyTo }, lastSequence) =>
      new LiveWriter({ redis, names, generationId: id, replyTo, lastSequence }),
    readLastSequence: (generationId) => readLastSequence({ redis, names, generationId }),
    loadInput: async ({ input }) => {
      if (input.kind === 'stored') throw new Error('not stored');
      return input;
    },
    discardInput: async () => {},
    handOn: async () => {},
    onUnexpected: () => {},
  });
  return { runner, rows, source };
}

function generate(changes: Partial<InteractiveGeneration> = {}): InteractiveGeneration {
  const now = clock.now();
  return {
    id: createGenerationId(now),
    kind: 'chat',
    ownerKeyId: 'key',
    dialect: 'openai-chat',
    model: 'model',
    targets: [{ upstream: 'openai', model: 'model' }],
    createdAtMs: now,
    deadlineAtMs: now + 60_000,
    isStreamed: true,
    requestId: 'req',
    replyTo: 'here',
    input: { kind: 'chat', request: { model: 'model', messages: [] } },
    ...changes,
  };
}

async function run(setup: ReturnType<typeof setUp>, generation = generate(), job = { attempt: 1 }) {
  const tail = reader.openOwn(generation.id);
  const outcome = await setup.runner.run(generation, job);
  if (outcome.type === 'put-back') tail.close();
  const records: PartRecord[] = [];
  for await (const batch of tail) records.push(...batch);
  return { outcome, records, types: records.map(({ part }) => part.type), end: records.at(-1)?.part };
}

describe('GenerationRunner', () => {
  it.each([true, false])('tells every part in order and writes one row (streamed: %s)', async (isStreamed) => {
    const setup = setUp(() => say({ type: 'start' }, text('a'), text('b'), finish));
    const { types, records } = await run(setup, generate({ isStreamed }));
    expect(types).toEqual(['attempt', 'start', 'text-delta', 'text-delta', 'finish', 'succeeded']);
    expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(setup.rows).toHaveLength(1);
    expect(setup.rows[0]).toMatchObject({ status: 'succeeded', lastSequence: 6, credentialId: 'one' });
    expect(setup.source.outcomes).toEqual([{ type: 'succeeded' }]);
  });

  it('sends the answer before its lease goes back; one that is alone does nothing else until it is out', async () => {
    const setup = setUp(() => say({ type: 'start' }, text('a'), finish));
    const generation = generate({ isStreamed: false, replyTo: 'nobody' });
    const unanswered: number[] = [];
    const atRelease = new Promise<string>((resolve, reject) => {
      // By the same connection: what was sent before it is in the log by then.
      setup.source.release = () => {
        unanswered.push(redis.commandQueue.length);
        return redis.xrange(names.stream(generation.id), '-', '+').then((log) => resolve(JSON.stringify(log)), reject);
      };
    });
    await setup.runner.run(generation, { attempt: 1 });
    expect(await atRelease).toContain('succeeded');
    expect(unanswered).toEqual([0]);
  });

  it('sends sound on and keeps none of it in the row', async () => {
    const sound = { type: 'speech-delta', base64: Buffer.alloc(900, 7).toString('base64') } as const;
    const setup = setUp(() => say({ type: 'start' }, sound as never, finish));
    const { records } = await run(setup);
    expect(records.map(({ part }) => part)).toContainEqual(sound);
    expect(setup.rows[0]?.eventsJson).toContain('{"type":"omitted","bytes":900}');
    expect(setup.rows[0]?.eventsJson).not.toContain(sound.base64.slice(0, 40));
  });

  it('tries again what failed before its first part, and shows only the attempt that counts', async () => {
    let calls = 0;
    const setup = setUp(() => {
      calls += 1;
      return calls === 1 ? fail(new GatewayError('upstream_error', 'boom'), { type: 'start' }) : say(text('a'), finish);
    });
    const { types } = await run(setup);
    expect(types).toEqual(['attempt', 'text-delta', 'finish', 'succeeded']);
    expect(calls).toBe(2);
  });

  it('never repeats what has sent a part, and ends it with the failure', async () => {
    let calls = 0;
    const setup = setUp(() => {
      calls += 1;
      return fail(new GatewayError('upstream_interrupted', 'cut'), text('a'));
    });
    const { types, end } = await run(setup);
    expect(types).toEqual(['attempt', 'text-delta', 'failed']);
    expect(end).toMatchObject({ type: 'failed', error: { code: 'upstream_interrupted' } });
    expect(calls).toBe(1);
  });

  it('goes to another credential when one is refused, and tells the refusal when none is left', async () => {
    const setup = setUp(() => fail(new GatewayError('upstream_auth', 'bad key')));
    const { end } = await run(setup);
    expect(setup.source.requests.map(({ excluded }) => excluded)).toEqual([[], ['one'], ['one', 'two']]);
    expect(end).toMatchObject({ type: 'failed', error: { code: 'upstream_auth' } });
  });

  it('does not repeat a request that the upstream found wrong', async () => {
    const setup = setUp(() => fail(new GatewayError('invalid_request', 'no', { param: 'messages' })));
    const { end } = await run(setup);
    expect(setup.source.requests).toHaveLength(1);
    expect(end).toMatchObject({ error: { code: 'invalid_request', param: 'messages' } });
  });

  it('goes back to the queue until a credential is free', async () => {
    const retryAtMs = clock.now() + 5_000;
    const source = new FakeSource(() => ({
      type: 'none-free',
      noneFree: { retryAtMs, reason: 'busy', isHopeless: false },
    }));
    const { outcome } = await run(setUp(() => say(), source));
    expect(outcome).toEqual({ type: 'put-back', delayUntilMs: retryAtMs });
  });

  it('waits for a credential behind everybody who came at any time, when it is deferred', async () => {
    const setup = setUp(() => say(finish));
    const [deferred, later] = [generate({ isDeferred: true }), generate({ createdAtMs: clock.now() + 3_600_000 })];
    await run(setup, deferred);
    await run(setup, later);
    const [first, second] = setup.source.requests.map(({ waiting }) => waiting?.sinceMs ?? 0);
    expect(first).toBeGreaterThan(second ?? Infinity);
  });

  it('waits for what was refused and passes, unless that lasts beyond the deadline', async () => {
    const limited = new GatewayError('upstream_rate_limited', 'slow down', { retryAfterMs: 20_000, scope: 'model' });
    for (const [inMs, expected] of [
      [20_000, { type: 'put-back' }],
      [120_000, { type: 'done' }],
    ] as const) {
      const retryAtMs = clock.now() + inMs;
      let asked = 0;
      const source = new FakeSource((request) =>
        asked++ === 0
          ? leased(request)
          : { type: 'none-free', noneFree: { retryAtMs, reason: 'resting', isHopeless: false } },
      );
      const { outcome, end } = await run(setUp(() => fail(limited), source));
      expect(outcome).toMatchObject(expected);
      expect(source.requests[1]).toMatchObject({ excluded: [], waiting: { isAgain: false } });
      if (outcome.type === 'done') expect(end).toMatchObject({ error: { code: 'upstream_rate_limited' } });
      else expect(outcome).toEqual({ type: 'put-back', delayUntilMs: retryAtMs });
    }
  });

  it('goes to the next target rather than wait for what rests', async () => {
    const limited = new GatewayError('upstream_rate_limited', 'slow down', { retryAfterMs: 20_000, scope: 'model' });
    const source: FakeSource = new FakeSource((request) =>
      request.model === 'first' && source.requests.length > 1
        ? { type: 'none-free', noneFree: { retryAtMs: clock.now() + 20_000, reason: 'resting', isHopeless: false } }
        : leased(request),
    );
    const setup = setUp(
      () => (source.requests.at(-1)?.model === 'first' ? fail(limited) : say(text('a'), finish)),
      source,
    );
    const targets = ['first', 'second'].map((model) => ({ upstream: 'openai', model }));
    const { types } = await run(setup, generate({ targets }));
    expect(types).toEqual(['attempt', 'text-delta', 'finish', 'succeeded']);
    expect(source.requests.map(({ model }) => model)).toEqual(['first', 'first', 'second']);
  });

  it('steps back after many refusals that pass', async () => {
    const setup = setUp(() =>
      fail(new GatewayError('upstream_rate_limited', 'slow down', { retryAfterMs: 20_000, scope: 'model' })),
    );
    const { outcome } = await run(setup);
    expect(outcome).toMatchObject({ type: 'put-back' });
    expect(setup.source.requests).toHaveLength(10);
  });

  it('fails at once when none will be free before the deadline', async () => {
    const retryAtMs = clock.now() + 120_000;
    const source = new FakeSource(() => ({
      type: 'none-free',
      noneFree: { retryAtMs, reason: 'busy', isHopeless: false },
    }));
    const { end } = await run(setUp(() => say(), source));
    expect(end).toMatchObject({ type: 'failed', error: { code: 'overloaded', message: 'busy' } });
  });

  it('stops the upstream call and frees the credential when it is cancelled', async () => {
    const generation = generate();
    const setup = setUp(async function* ({ signal }) {
      yield text('a');
      await broadcastCancel({ redis, names, generationId: generation.id });
      // The news can be faster than the confirmation that it was sent.
      signal.throwIfAborted();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const { types } = await run(setup, generation);
    expect(types).toEqual(['attempt', 'text-delta', 'cancelled']);
    expect(setup.source.outcomes).toEqual([{ type: 'abandoned' }]);
    expect(setup.rows.at(-1)).toMatchObject({ status: 'cancelled' });
  });

  it('ends in order what a dead worker began, instead of saying it twice', async () => {
    const generation = generate();
    const dead = new LiveWriter({ redis, names, generationId: generation.id, replyTo: 'here', lastSequence: 0 });
    const tail = reader.openOwn(generation.id);
    dead.append(text('a'));
    dead.append(text('b'));
    await dead.flush();
    const setup = setUp(() => say(text('again'), finish));
    await setup.runner.run(generation, { attempt: 2 });
    const records: PartRecord[] = [];
    for await (const batch of tail) records.push(...batch);
    expect(records.map(({ sequence, part }) => `${sequence} ${part.type}`)).toEqual([
      '1 text-delta',
      '2 text-delta',
      '3 failed',
    ]);
  });

  it('gives way to a worker that wrote first, and leaves the row to it', async () => {
    const generation = generate();
    const setup = setUp(async function* () {
      const other = new LiveWriter({ redis, names, generationId: generation.id, replyTo: 'here', lastSequence: 0 });
      other.append(text('first'));
      await other.flush();
      yield text('second');
      await new Promise((resolve) => setImmediate(resolve));
      yield* Array.from({ length: 50 }, () => text('more'));
      yield finish;
    });
    const tail = reader.openOwn(generation.id);
    await setup.runner.run(generation, { attempt: 1 });
    const seen: string[] = [];
    for await (const batch of tail) {
      for (const { part } of batch) if (part.type === 'text-delta') seen.push(part.text);
      // Nothing would end it: the other worker says no more.
      tail.close();
    }
    expect(seen).toEqual(['first']);
  });

  it('hands a generation over that has sent nothing when the worker shuts down', async () => {
    const setup = setUp(async function* ({ signal }) {
      setImmediate(() => setup.runner.handOver());
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      yield finish;
    });
    const { outcome } = await run(setup);
    expect(outcome.type).toBe('put-back');
  });
});
