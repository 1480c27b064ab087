import { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { UPSTREAM_FAILURES } from '../cases/upstream-failures.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();

describe.each([{ isStreamed: true }, { isStreamed: false }])(
  'an upstream that fails before its first token (streamed: $isStreamed)',
  ({ isStreamed }) => {
    const cases = UPSTREAM_FAILURES.filter(({ markers }) => isStreamed || !markers.includes('=0'));
    it.each(cases)('$title: gives $status', async ({ markers, status, code }) => {
      const { model } = await sluice.admin.createModel();
      const body = { ...chatBody(`fails [[sim:${markers}]]`), model, stream: isStreamed };
      const answer = await sluice.call('/v1/chat/completions', { body });
      expect({ status: answer.status, body: answer.json() }).toMatchObject({
        status,
        body: {
          error: {
            message: expect.stringMatching(/\S/) as string,
            type: expect.any(String) as string,
            param: null,
            code: code instanceof RegExp ? (expect.stringMatching(code) as string) : code,
          },
        },
      });
      expect(answer.headers['content-type']).toContain('application/json');
      expect(answer.text).not.toContain('sk-upstream');
    });
  },
);

describe('after its first token', () => {
  it.each(['error-in-stream=3', 'cut=3'])('%s: the stream ends with an error, in order', async (markers) => {
    const stream = await sluice.stream(`breaks [[sim:chunks=9,${markers}]]`);
    expect(stream.status).toBe(200);
    expect(stream.text).toMatch(/^Simulated reply/);
    expect(stream.error).toMatchObject({
      message: expect.stringMatching(/\S/) as string,
      code: expect.any(String) as string,
    });
    expect(stream.chunks.some(({ choices }) => choices[0]?.finish_reason)).toBe(false);
  });

  it('the SDK throws what the error says', async () => {
    const stream = await sluice.openai.chat.completions.create({
      ...chatBody('breaks [[sim:chunks=9,error-in-stream=3,error-message=the machine burns]]'),
      stream: true,
    });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content ?? '');
    })();
    await expect(reading).rejects.toThrow(APIError);
    await expect(reading).rejects.toThrow(/the machine burns/);
    expect(texts.join('')).toMatch(/^Simulated reply/);
  });
});

describe('what passes by itself', () => {
  it.each(['status=500', 'status=503', 'lost-reply', 'html', 'cut=0', 'error-in-stream=0'])(
    '%s, once: is not seen by the client',
    async (markers) => {
      const { model } = await sluice.admin.createModel();
      const word = unique('once');
      const stream = await sluice.stream(`${word} [[sim:once,${markers}]]`, { model });
      expect(stream.text).toBe(`Simulated reply to: ${word}`);
      expect((await sluice.simulator.requests({ model })).counts.received).toBe(2);
    },
  );

  it('a refused credential is left for another one', async () => {
    const { model, upstreamKey } = await sluice.admin.createModel();
    await sluice.admin.createModel({ models: [model] });
    await sluice.simulator.setKey({ key: upstreamKey, state: 'revoked' });
    for (const word of ['first', 'second', 'third'])
      expect((await sluice.stream(word, { model })).text).toBe(`Simulated reply to: ${word}`);
  });

  it('Retry-After of an upstream is handed on', async () => {
    const { model } = await sluice.admin.createModel();
    const answer = await sluice.call('/v1/chat/completions', {
      body: { ...chatBody('[[sim:status=429,retry-after=120]]'), model },
    });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(100);
  });
});
