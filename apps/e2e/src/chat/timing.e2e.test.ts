import { describe, expect, it } from 'vitest';
import { openChat } from '../harness/chat-stream.js';
import { HEARTBEAT_MS, HOLD_MS } from '../harness/global-setup.js';
import { openCall } from '../harness/http-call.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

describe('headers', () => {
  it('wait for the first part, so that a late failure is a status', async () => {
    const { model } = await sluice.admin.createModel();
    const { status } = await sluice.stream('late [[sim:first-byte-delay-ms=700,status=401]]', { model });
    expect(status).toBe(502);
  });

  it('wait no longer than the setting; then heartbeats come, and the answer', async () => {
    const { headersAtMs, frames, text } = await sluice.stream(`later [[sim:first-event-delay-ms=${HOLD_MS + 1_800}]]`);
    expect(headersAtMs).toBeGreaterThan(HOLD_MS - 100);
    expect(headersAtMs).toBeLessThan(HOLD_MS + 1_500);
    const beats = frames.findIndex(({ comment }) => comment === undefined);
    expect(beats).toBeGreaterThanOrEqual(2);
    expect(text).toBe('Simulated reply to: later');
  });

  it('that are sent already let a failure be told in the stream', async () => {
    const { model } = await sluice.admin.createModel();
    const stream = await sluice.stream(`too late [[sim:first-byte-delay-ms=${HOLD_MS + 800},status=401]]`, { model });
    expect(stream.status).toBe(200);
    expect(stream.error).toMatchObject({ code: 'upstream_auth' });
    expect(stream.chunks).toEqual([]);
  });
});

it('a stream whose upstream is silent goes on with heartbeats', async () => {
  const { frames, text } = await sluice.stream(`pauses [[sim:chunks=3,chunk-delay-ms=${HEARTBEAT_MS * 2 + 200}]]`);
  expect(frames.filter(({ comment }) => comment !== undefined).length).toBeGreaterThanOrEqual(4);
  expect(text).toBe('Simulated reply to: pauses');
});

describe('a client that leaves', () => {
  const promises = {
    'before the headers': { markers: 'first-byte-delay-ms=20000', isStreamed: true },
    'before the first token': { markers: 'first-event-delay-ms=20000', isStreamed: true },
    'in the middle of a stream': { markers: 'chunks=100,chunk-delay-ms=200', isStreamed: true },
    'in the middle of a silence': { markers: 'stall=3', isStreamed: true },
    'from a plain answer': { markers: 'first-byte-delay-ms=20000', isStreamed: false },
    'from a plain answer in the middle of its body': { markers: 'stall', isStreamed: false },
  };
  it.each(Object.entries(promises))(
    '%s: ends the upstream call within a second',
    async (_, { markers, isStreamed }) => {
      const word = unique('leaves');
      const leaving = new AbortController();
      const body = { ...chatBody(`${word} [[sim:${markers}]]`), stream: isStreamed };
      const reading = (async () => {
        const { body: bytes } = await openChat({ gateway, apiKey, body, signal: leaving.signal });
        for await (const _bytes of bytes);
      })().catch(() => undefined);
      await sluice.simulator.waitFor('received', { prompt: word });
      const leftAt = Date.now();
      leaving.abort();
      await reading;
      const { requests } = await sluice.simulator.waitFor('aborted', { prompt: word }, { withinMs: 5_000 });
      expect((requests[0]?.abortedAt ?? Infinity) - leftAt).toBeLessThan(1_000);
    },
  );

  it('while it waits for a credential: is never sent upstream', async () => {
    const { model } = await sluice.admin.createModel({ limits: { chat: 1 } });
    const blocking = new AbortController();
    const first = openChat({
      gateway,
      apiKey,
      body: { ...chatBody('first [[sim:stall=3]]'), model },
      signal: blocking.signal,
    });
    const { body: bytes } = await first;
    const waiting = new AbortController();
    const word = unique('waits');
    const second = openChat({ gateway, apiKey, body: { ...chatBody(word), model }, signal: waiting.signal }).catch(
      () => undefined,
    );
    setTimeout(() => waiting.abort(), 300);
    await second;
    // Takes the same way through gateway, queue and worker: what was told before it has arrived.
    await sluice.stream('meanwhile');
    blocking.abort();
    await (async () => {
      for await (const _ of bytes);
    })().catch(() => undefined);
    expect((await sluice.stream('third', { model })).text).toBe('Simulated reply to: third');
    expect((await sluice.simulator.requests({ prompt: word })).counts.received).toBe(0);
  });
});

it('a deadline that passes while no credential is free is told as such', async () => {
  const { model } = await sluice.admin.createModel({ limits: { chat: 1 } });
  const blocking = new AbortController();
  const { body: bytes } = await openChat({
    gateway,
    apiKey,
    body: { ...chatBody('first [[sim:stall=3]]'), model },
    signal: blocking.signal,
  });
  const startedAt = performance.now();
  const answer = await sluice.call('/v1/chat/completions', {
    body: { ...chatBody('second'), model },
    headers: { 'x-sluice-deadline-ms': '600' },
  });
  expect(answer.status).toBe(503);
  expect(answer.json()).toMatchObject({ error: { code: 'server_is_overloaded' } });
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  blocking.abort();
  await (async () => {
    for await (const _ of bytes);
  })().catch(() => undefined);
});

it('a client that reads slowly loses nothing', async () => {
  const { body } = await openCall({
    url: `${gateway}/v1/chat/completions`,
    headers: { authorization: `Bearer ${apiKey}` },
    body: { ...chatBody('[[sim:size=3000000]]'), stream: true },
  });
  let bytes = 0;
  let reads = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    reads += 1;
    // As long as another call takes: much longer than the gateway needs for what comes next.
    if (reads % 16 === 0) await sluice.bareCall('/livez');
  }
  expect(bytes).toBeGreaterThan(3_000_000);
});
