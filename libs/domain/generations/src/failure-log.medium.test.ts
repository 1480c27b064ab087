import { type ErrorData, GatewayError } from '@sluice/contracts/gateway-error';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createLogger } from '@sluice/platform-logger/logger';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableDomain, type DurableDomain } from './__fixtures__/durable-domain.js';
import { createGenerationWriter } from './create-generation-writer.js';
import { FailureLog } from './failure-log.js';

const MINUTE_MS = 60_000;
const LIMITED: ErrorData = { code: 'upstream_rate_limited', message: 'Slow 100% down.', upstreamStatus: 429 };
const REFUSED: ErrorData = { code: 'upstream_auth', message: 'No.', upstreamStatus: 400 };

let domain: DurableDomain;
let log: FailureLog;
let nowMs: number;

beforeAll(async () => {
  domain = await createDurableDomain();
  const { postgres, clock } = domain;
  nowMs = clock.now();
  log = new FailureLog({ postgres, clock });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const writer = createGenerationWriter({ postgres, metrics: createMetrics({ service: 'test' }), logger, clock });
  const record = (agoMs: number, status: 'failed' | 'succeeded', error?: ErrorData, credentialId = 'cred_1') => {
    const createdAtMs = nowMs - agoMs;
    writer.record({
      generation: {
        id: createGenerationId(createdAtMs),
        kind: 'chat',
        ownerKeyId: 'owner',
        dialect: 'openai-chat',
        model: 'asked',
        targets: [{ upstream: 'gemini', model: 'ran' }],
        createdAtMs,
        deadlineAtMs: createdAtMs + MINUTE_MS,
        isStreamed: false,
        requestId: 'req',
        replyTo: 'gateway',
        input: { kind: 'chat', request: { model: 'asked', messages: [] } },
      },
      status,
      target: { upstream: 'gemini', model: 'ran' },
      credentialId,
      attempt: 2,
      finishedAtMs: createdAtMs + 5,
      ...(error && { error }),
    });
  };
  record(3 * MINUTE_MS, 'failed', LIMITED);
  record(2 * MINUTE_MS, 'failed', REFUSED, 'cred_2');
  record(MINUTE_MS, 'succeeded');
  await writer.drain();
  const { id } = domain.submission();
  await domain.generations.submit(domain.submission({ id }));
  await domain.steps.advanceOne({
    id,
    expected: ['queued'],
    state: 'failed',
    error: { code: 'content_refused', message: 'Not that.' },
  });
});
afterAll(() => domain.close());

const codes = async (query: object = {}) => (await log.list(query)).failures.map(({ error }) => error?.code);

it('tells what failed, the newest first, whichever way it was made', async () => {
  const { failures } = await log.list();
  expect(failures).toMatchObject([
    { kind: 'video', model: 'video', attempts: 0, error: { code: 'content_refused', message: 'Not that.' } },
    { model: 'asked', upstream: 'gemini', upstreamModel: 'ran', credentialId: 'cred_2', error: REFUSED },
    { attempts: 2, keyId: 'owner', requestId: 'req', credentialId: 'cred_1', error: LIMITED },
  ]);
  expect(failures[2]?.createdAt).toBe(new Date(nowMs - 3 * MINUTE_MS).toISOString());
});

it.each([
  [{ credential: 'cred_1' }, ['upstream_rate_limited']],
  [{ upstream: 'gemini' }, ['upstream_auth', 'upstream_rate_limited']],
  [{ model: 'video' }, ['content_refused']],
  [{ code: 'upstream_auth' }, ['upstream_auth']],
  [{ key: 'nobody' }, []],
  [{ search: '100% DOWN' }, ['upstream_rate_limited']],
  [{ search: '1_0%' }, []],
])('only those that are asked for: %j', async (query, expected) => {
  expect(await codes(query)).toEqual(expected);
});

it('only those of a time, and the last day where none is asked for', async () => {
  const at = (agoMs: number) => new Date(nowMs - agoMs).toISOString();
  expect(await codes({ since: at(2.5 * MINUTE_MS), until: at(MINUTE_MS) })).toEqual(['upstream_auth']);
  expect(await codes({ until: at(-48 * 60 * MINUTE_MS) })).toEqual([]);
});

it('goes on where it stopped', async () => {
  const first = await log.list({ limit: 2 });
  const second = await log.list({ limit: '2', cursor: first.nextCursor });
  expect(second.failures.map(({ error }) => error?.code)).toEqual(['upstream_rate_limited']);
  expect(second.nextCursor).toBeUndefined();
});

it.each([{ limit: 0 }, { code: 'nothing' }, { cursor: 'gen_1' }, { since: 'yesterday' }, { other: '1' }])(
  'a query that is wrong is refused by its field: %j',
  async (query) => {
    const thrown: unknown = await log.list(query).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).data).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(Object.keys(query)[0] ?? ''),
    });
  },
);
