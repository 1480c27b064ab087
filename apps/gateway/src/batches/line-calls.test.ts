import type { BatchLine } from '@sluice/domain-batches/batch-line';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { BatchPace } from './batch-pace.js';
import { CallPasses } from './call-passes.js';
import { type InnerAnswer, type InnerCall, LineCalls } from './line-calls.js';

const line: BatchLine = {
  batchId: 'batch_1',
  ownerKeyId: 'key_1',
  endpoint: '/v1/chat/completions',
  number: 7,
  customId: 'seven',
  position: 0,
  bytes: 1,
  attempts: 1,
  generationId: undefined,
};

function calls(answer: Partial<InnerAnswer>, body: object = { model: 'm' }) {
  const seen: (InnerCall & { owner: string | undefined })[] = [];
  const passes = new CallPasses();
  const text = (url: string) => JSON.stringify({ custom_id: 'seven', method: 'POST', url, body });
  const made = (endpoint: BatchLine['endpoint']) =>
    new LineCalls({
      passes,
      store: {
        get: async (key) => ({
          info: { key, bytes: 1, mediaType: '', sha256: '', createdAtMs: 0 },
          body: (async function* () {
            yield Buffer.from(text(endpoint));
          })(),
        }),
      },
      inject: async (call) => {
        const pass = call.headers['authorization']?.slice('Bearer '.length);
        seen.push({ ...call, owner: passes.find(pass) });
        return { statusCode: 200, headers: { 'x-request-id': 'req_1' }, payload: '{"ok":1}', ...answer };
      },
    });
  return {
    seen,
    passes,
    run: (changes: Partial<BatchLine> = {}) => made(changes.endpoint ?? line.endpoint).execute({ ...line, ...changes }),
  };
}

describe('a line', () => {
  it('is called in its owner’s name, with a pass that is good for that call', async () => {
    const { seen, passes, run } = calls({});
    const outcome = await run();
    expect(seen).toMatchObject([{ method: 'POST', url: line.endpoint, payload: '{"model":"m"}', owner: 'key_1' }]);
    expect(passes.find(seen[0]?.headers['authorization']?.slice(7))).toBeUndefined();
    expect(seen[0]?.headers).not.toHaveProperty('idempotency-key');
    expect(outcome).toMatchObject({ type: 'answered', isFailed: false });
    expect(JSON.parse(outcome.type === 'answered' ? outcome.text : '')).toEqual({
      id: expect.stringMatching(/^batch_req_/),
      custom_id: 'seven',
      response: { status_code: 200, request_id: 'req_1', body: { ok: 1 } },
      error: null,
    });
  });

  it.each<[number, Record<string, string>, string, object]>([
    [503, { 'retry-after': '7' }, '{}', { type: 'again', afterMs: 7_000 }],
    [429, { 'x-should-retry': 'false' }, '{}', { type: 'answered', isFailed: true }],
    [400, {}, '{}', { type: 'answered', isFailed: true }],
    [409, { 'x-should-retry': 'false' }, '{"error":{"code":"idempotency_in_progress"}}', { type: 'again' }],
  ])('answered with %i %j: %s', async (statusCode, headers, payload, expected) => {
    expect(await calls({ statusCode, headers, payload }).run()).toMatchObject(expected);
  });

  it('is not tried for ever', async () => {
    expect(await calls({ statusCode: 503 }).run({ attempts: 10 })).toMatchObject({ type: 'answered', isFailed: true });
  });

  it('of something durable waits without a call, and has a key that finds it again', async () => {
    const generationId = 'gen_0123456789abcdef0123456789abcdef';
    const { seen, run } = calls({ headers: { 'x-sluice-generation': generationId } });
    expect(await run({ endpoint: '/v1/videos' })).toEqual({ type: 'awaits', generationId });
    await run({ endpoint: '/v1/videos', attempts: 2 });
    expect(seen[0]?.headers['idempotency-key']).toBe(seen[1]?.headers['idempotency-key']);
    const ended = calls({ payload: '{"object":"video","status":"failed"}' });
    expect(await ended.run({ endpoint: '/v1/videos', generationId })).toMatchObject({ isFailed: true });
    expect(ended.seen).toMatchObject([{ method: 'GET', url: '/v1/videos/video_0123456789abcdef0123456789abcdef' }]);
  });

  it('of pictures is asked a second time when they are there', async () => {
    const endpoint = '/v1/images/generations';
    const first = calls({ statusCode: 202, headers: { 'x-sluice-generation': 'gen_1' } });
    expect(await first.run({ endpoint })).toEqual({ type: 'awaits', generationId: 'gen_1' });
    const second = calls({});
    expect(await second.run({ endpoint, generationId: 'gen_1' })).toMatchObject({ type: 'answered', isFailed: false });
    expect(first.seen[0]?.headers['prefer']).toBe('respond-async');
    expect(second.seen[0]?.headers).not.toHaveProperty('prefer');
    expect(second.seen[0]?.headers['idempotency-key']).toBe(first.seen[0]?.headers['idempotency-key']);
  });

  it('that wants a stream is refused', async () => {
    const { seen, run } = calls({}, { model: 'm', stream: true });
    expect(await run()).toMatchObject({
      type: 'answered',
      isFailed: true,
      text: expect.stringContaining('"param":"stream"'),
    });
    expect(seen).toEqual([]);
  });
});

describe('the pace', () => {
  it('is free where nobody else calls, and gives way where somebody does', async () => {
    const clock = createFakeClock();
    let isBusy = false;
    const pace = new BatchPace({ clock, isBusy: () => isBusy });
    expect(pace.allow(32)).toBe(32);
    isBusy = true;
    expect(pace.allow(32)).toBe(1);
    expect(pace.allow(32)).toBe(0);
    await clock.advance(200);
    expect(pace.allow(32)).toBe(1);
    await clock.advance(60_000);
    expect(pace.allow(32)).toBe(1);
  });
});
