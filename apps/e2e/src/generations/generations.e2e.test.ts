import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openChat } from '../harness/chat-stream.js';
import { eventually } from '../harness/eventually.js';
import { openCall } from '../harness/http-call.js';
import { readFrames } from '../harness/read-frames.js';
import type { Frame } from '../harness/read-frames.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string() })),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

const viewSchema = z.looseObject({ id: z.string(), status: z.string(), last_event: z.int() });

async function view(id: string) {
  const answer = await sluice.call(`/v1/generations/${id}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return viewSchema.parse(answer.json());
}

async function events(id: string, headers: Record<string, string> = {}): Promise<Frame[]> {
  const { status, body } = await openCall({
    url: `${gateway}/v1/generations/${id}/events`,
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
  });
  expect(status).toBe(200);
  const frames: Frame[] = [];
  for await (const frame of readFrames(body)) if (frame.data !== undefined) frames.push(frame);
  return frames;
}

function ids(frames: readonly Frame[]): number[] {
  return frames.map(({ id }) => Number(id));
}

function countFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function startChat(prompt: string, signal?: AbortSignal) {
  const answer = await openChat({ gateway, apiKey, body: chatBody(prompt), ...(signal ? { signal } : {}) });
  const reading = (async () => {
    for await (const _ of answer.body);
  })().catch(() => undefined);
  return { id: answer.headers['x-sluice-generation'] ?? '', reading };
}

describe('a generation', () => {
  it('can be looked at when it has ended', async () => {
    const { headers } = await sluice.stream('look at me');
    const id = headers['x-sluice-generation'] ?? '';
    const shown = await eventually('it is finished in its row', async () => {
      const found = await view(id);
      return found.status === 'succeeded' && found;
    });
    expect(shown).toMatchObject({
      id,
      object: 'generation',
      kind: 'chat',
      model: 'sim-chat',
      upstream: 'openai',
      upstream_model: 'sim-chat',
      attempts: 1,
      error: null,
      usage: expect.objectContaining({ inputTokens: 3, outputTokens: 6 }) as object,
      created_at: expect.any(Number) as number,
      completed_at: expect.any(Number) as number,
    });
  });

  it('tells its failure', async () => {
    const { model } = await sluice.admin.createModel();
    const word = unique('fails');
    await sluice.stream(`${word} [[sim:chunks=9,error-in-stream=4]]`, { model });
    const { headers } = await sluice.stream(`${word} [[sim:chunks=9,cut=4]]`, { model });
    const id = headers['x-sluice-generation'] ?? '';
    const shown = await eventually('it is failed in its row', async () => {
      const found = await view(id);
      return found.status === 'failed' && found;
    });
    expect(shown['error']).toMatchObject({ code: 'upstream_interrupted', message: expect.any(String) as string });
  });

  it('has events that can be read while it runs, from any place, and after its end', async () => {
    const { id, reading } = await startChat('events [[sim:chunks=12,chunk-delay-ms=80]]');
    await eventually('its row is there', () => view(id));
    const live = await events(id);
    await reading;
    const last = live.length;
    expect(ids(live)).toEqual(countFrom(1, last));
    expect(live.at(-1)?.event).toBe('succeeded');
    const text = live
      .map(({ data }) => JSON.parse(data ?? '{}') as { type: string; text?: string })
      .filter(({ type }) => type === 'text-delta');
    expect(text.map((part) => part.text).join('')).toMatch(/^Simulated reply to: events word-1 .*word-8$/);
    await eventually('it is finished in its row', async () => (await view(id)).status === 'succeeded');
    expect((await view(id)).last_event).toBe(last);
    expect(ids(await events(id))).toEqual(countFrom(1, last));
    expect(ids(await events(id, { 'last-event-id': '5' }))).toEqual(countFrom(6, last));
    expect(await events(id, { 'last-event-id': String(last) })).toEqual([]);
  });

  it('goes on for a reader who lost the connection', async () => {
    const { id, reading } = await startChat('resumed [[sim:chunks=16,chunk-delay-ms=80]]');
    await eventually('its row is there', () => view(id));
    const hangUp = new AbortController();
    const { body } = await openCall({
      url: `${gateway}/v1/generations/${id}/events`,
      headers: { authorization: `Bearer ${apiKey}` },
      signal: hangUp.signal,
    });
    const seen: Frame[] = [];
    try {
      for await (const frame of readFrames(body)) {
        if (seen.push(frame) === 6) hangUp.abort();
      }
    } catch (error) {
      if (!hangUp.signal.aborted) throw error;
    }
    const rest = await events(id, { 'last-event-id': seen[5]?.id ?? '' });
    await reading;
    expect(ids([...seen.slice(0, 6), ...rest])).toEqual(countFrom(1, 6 + rest.length));
    expect(rest.at(-1)?.event).toBe('succeeded');
  });

  it('is listed for its owner alone, the newest first, page by page', async () => {
    const { key } = await sluice.admin.createKey(unique('lister'));
    const headers = { authorization: `Bearer ${key}` };
    const made: string[] = [];
    for (const word of ['one', 'two', 'three']) {
      const stream = await sluice.stream(word, {}, { headers });
      made.unshift(stream.headers['x-sluice-generation'] ?? '');
    }
    const list = async (query: string) =>
      listSchema.parse((await sluice.call(`/v1/generations?${query}`, { headers })).json());
    const all = await eventually('all rows are there', async () => {
      const page = await list('status=succeeded');
      return page.data.length === 3 && page;
    });
    expect(all.data.map(({ id }) => id)).toEqual(made);
    const first = await list('limit=2');
    const rest = await list(`limit=2&after=${first.last_id}`);
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(made);
    expect([first.has_more, rest.has_more]).toEqual([true, false]);
    expect((await sluice.call('/v1/generations?limit=0', { headers })).status).toBe(400);
  });

  it('is nobody else’s: another key gets 404 for it', async () => {
    const { id, reading } = await startChat('mine');
    await reading;
    await eventually('its row is there', () => view(id));
    const { key } = await sluice.admin.createKey(unique('stranger'));
    const headers = { authorization: `Bearer ${key}` };
    const paths = [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
    ] as const;
    for (const [method, path] of paths) {
      const answer = await sluice.call(`/v1/generations/${id}${path}`, { method, headers });
      expect({ path, status: answer.status, body: answer.json() }).toMatchObject({
        status: 404,
        body: { error: { type: 'invalid_request_error' } },
      });
    }
    expect((await sluice.call('/v1/generations/gen_nothing')).status).toBe(404);
  });

  it('can be cancelled: the upstream call ends, the stream is told', async () => {
    const word = unique('cancelled');
    const answer = await openChat({ gateway, apiKey, body: chatBody(`${word} [[sim:chunks=200,chunk-delay-ms=100]]`) });
    const id = answer.headers['x-sluice-generation'] ?? '';
    const reading = (async () => {
      const frames: Frame[] = [];
      for await (const frame of readFrames(answer.body)) frames.push(frame);
      return frames;
    })();
    await eventually('its row is there', () => view(id));
    const cancelledAt = Date.now();
    const cancelled = await sluice.call(`/v1/generations/${id}/cancel`, { method: 'POST' });
    expect(cancelled.status).toBe(200);
    const { requests } = await sluice.simulator.waitFor('aborted', { prompt: word }, { withinMs: 3_000 });
    expect((requests[0]?.abortedAt ?? Infinity) - cancelledAt).toBeLessThan(1_000);
    expect((await reading).at(-1)?.data).toContain('"cancelled"');
    const again = await eventually(
      'the row is cancelled',
      async () =>
        (await view(id)).status === 'cancelled' && sluice.call(`/v1/generations/${id}/cancel`, { method: 'POST' }),
    );
    expect(again.json()).toMatchObject({ status: 'cancelled' });
  });
});
