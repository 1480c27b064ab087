import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeOptions } from './answer-reader.js';
import { decodeEvents } from './decode-events.js';
import { decodeResponse } from './decode-response.js';
import { decodeStream } from './decode-stream.js';

/** As recorded: cumulative usage, no index, thoughts first, a last event with nothing but a signature. */
const RECORDED = [
  {
    candidates: [{ content: { parts: [{ text: 'Thinking…', thought: true }], role: 'model' } }],
    usageMetadata: { promptTokenCount: 7, thoughtsTokenCount: 48, totalTokenCount: 55 },
    modelVersion: 'gemini-3.5-flash',
    responseId: 'r1',
  },
  {
    candidates: [{ content: { parts: [{ text: 'Grüß' }, { text: ' dich 🙂' }], role: 'model' }, index: 0 }],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 4, thoughtsTokenCount: 48, totalTokenCount: 59 },
  },
  {
    candidates: [
      { content: { parts: [{ text: '', thoughtSignature: 'c2ln' }], role: 'model' }, finishReason: 'STOP', index: 0 },
    ],
    usageMetadata: {
      promptTokenCount: 7,
      candidatesTokenCount: 6,
      thoughtsTokenCount: 48,
      cachedContentTokenCount: 3,
      totalTokenCount: 61,
    },
  },
];

const TOLD: ChatPart[] = [
  { type: 'start', model: 'gemini-3.5-flash', upstreamId: 'r1' },
  { type: 'reasoning-delta', choice: 0, text: 'Thinking…' },
  { type: 'text-delta', choice: 0, text: 'Grüß' },
  { type: 'text-delta', choice: 0, text: ' dich 🙂' },
  { type: 'reasoning-signature', choice: 0, signature: 'gemini:c2ln' },
  { type: 'finish', choice: 0, reason: 'stop', native: 'STOP' },
  {
    type: 'usage',
    usage: { inputTokens: 7, outputTokens: 54, totalTokens: 61, cachedInputTokens: 3, reasoningTokens: 48 },
  },
];

function sse(events: readonly object[], lineEnd = '\r\n'): Buffer {
  return Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`).join(''));
}

async function* pieces(bytes: Buffer, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const sorted = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
  for (const [index, end] of sorted.slice(1).entries()) yield bytes.subarray(sorted[index], end);
}

async function read(
  bytes: Buffer,
  { cuts, ...options }: DecodeOptions & { cuts?: number[] } = {},
): Promise<ChatPart[]> {
  const parts: ChatPart[] = [];
  for await (const part of decodeStream(decodeEvents(pieces(bytes, cuts)), options)) parts.push(part);
  return parts;
}

async function failure(run: Promise<unknown>): Promise<GatewayError> {
  const thrown: unknown = await run.catch((error: unknown) => error);
  if (thrown instanceof GatewayError) return thrown;
  throw new Error(`no failure: ${JSON.stringify(thrown)}`);
}

const end = (finishReason: string, parts: object[] = []) => ({ candidates: [{ content: { parts }, finishReason }] });

describe('wherever the bytes are cut', () => {
  const bodies = [
    ['CRLF', sse(RECORDED)],
    ['LF', sse(RECORDED, '\n')],
    ['CR', sse(RECORDED, '\r')],
    ['one JSON array', Buffer.from(JSON.stringify(RECORDED, null, 2))],
    ['a tight JSON array', Buffer.from(JSON.stringify(RECORDED))],
  ] as const;

  it.each(bodies)('%s gives the same parts', async (_name, bytes) => {
    const cut = fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cut, async (cuts) => {
        expect(await read(bytes, { cuts })).toEqual(TOLD);
      }),
      { numRuns: 60 },
    );
  });

  it.each(bodies)('%s that breaks off is never taken for whole', async (_name, bytes) => {
    const last = bytes.lastIndexOf('finishReason');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: last }), async (length) => {
        const error = await failure(read(bytes.subarray(0, length)));
        expect(error.code).toBe('upstream_interrupted');
      }),
      { numRuns: 60 },
    );
  });
});

it('a JSON array is told element by element, not at its end', async () => {
  const events = decodeEvents(pieces(Buffer.from(JSON.stringify(RECORDED).slice(0, 300))));
  expect(JSON.parse((await events.next()).value?.data ?? '')).toEqual(RECORDED[0]);
});

describe('calls', () => {
  const call = (fields: object, rest: object = {}) => ({ functionCall: { name: 'f', ...fields }, ...rest });

  it('come whole, are counted over all events, keep their ids and signatures, and end as calls', async () => {
    const parts = await read(
      sse([
        { candidates: [{ content: { parts: [call({ id: 'a', args: { x: 1 } }, { thoughtSignature: 'czE=' })] } }] },
        { candidates: [{ content: { parts: [call({ id: 'b' }), call({})] } }] },
        end('STOP'),
      ]),
      { callIdSeed: 'seed' },
    );
    expect(parts.slice(1)).toEqual([
      { type: 'tool-input-start', choice: 0, index: 0, id: 'a', name: 'f', signature: 'czE=' },
      { type: 'tool-input-delta', choice: 0, index: 0, delta: '{"x":1}' },
      { type: 'tool-input-start', choice: 0, index: 1, id: 'b', name: 'f' },
      { type: 'tool-input-delta', choice: 0, index: 1, delta: '{}' },
      { type: 'tool-input-start', choice: 0, index: 2, id: 'call_seed_0_2', name: 'f' },
      { type: 'tool-input-delta', choice: 0, index: 2, delta: '{}' },
      { type: 'finish', choice: 0, reason: 'tool-calls', native: 'STOP' },
    ]);
  });
});

it('pictures are parts of their own, sketches on the way are none, sound is passed on', async () => {
  const blob = (mimeType: string) => ({ inlineData: { mimeType, data: 'AA==' } });
  const parts = await read(
    sse([
      end('STOP', [
        { ...blob('image/png'), thought: true },
        { text: 'here' },
        { ...blob('image/png'), thoughtSignature: 'cw==' },
        blob('audio/L16;codec=pcm;rate=24000'),
      ]),
    ]),
  );
  expect(parts.slice(1, -1)).toEqual([
    { type: 'text-delta', choice: 0, text: 'here' },
    { type: 'image', choice: 0, mediaType: 'image/png', base64: 'AA==', signature: 'gemini:cw==' },
    { type: 'audio-delta', choice: 0, audio: { data: 'AA==', mimeType: 'audio/L16;codec=pcm;rate=24000' } },
  ]);
});

it('code that was run is text for those who know no code parts', async () => {
  const parts = await read(
    sse([
      end('STOP', [
        { executableCode: { language: 'PYTHON', code: 'print(1)' } },
        { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
      ]),
    ]),
  );
  expect(parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')).toBe(
    '\n```python\nprint(1)\n```\n\n```\n1\n```\n',
  );
});

describe('ends', () => {
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['LANGUAGE', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
    ['IMAGE_RECITATION', 'content-filter'],
    ['IMAGE_OTHER', 'content-filter'],
    ['NO_IMAGE', 'stop'],
    ['OTHER', 'stop'],
    ['A_NEW_ONE', 'stop'],
  ])('%s is %s', async (native, reason) => {
    const parts = await read(sse([end(native, [{ text: 'a' }])]));
    expect(parts.at(-1)).toEqual({ type: 'finish', choice: 0, reason, native });
  });

  it('older models say STOP with every event: the answer goes on all the same', async () => {
    const parts = await read(sse([end('STOP', [{ text: 'a' }]), end('STOP', [{ text: 'b' }])]));
    expect(parts.map(({ type }) => type)).toEqual(['start', 'text-delta', 'text-delta', 'finish']);
  });

  it('a blocked prompt has no candidate, and is an answer that was filtered', async () => {
    const usageMetadata = { promptTokenCount: 5, totalTokenCount: 5 };
    const parts = await read(sse([{ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata }]));
    expect(parts).toMatchObject([
      { type: 'start' },
      { type: 'finish', choice: 0, reason: 'content-filter', native: 'blockReason:SAFETY' },
      { type: 'usage', usage: { inputTokens: 5, outputTokens: 0 } },
    ]);
  });

  it.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MISSING_THOUGHT_SIGNATURE', 'MALFORMED_RESPONSE'])(
    '%s is a failure, worth another try where nothing was said',
    async (reason) => {
      const { code, data } = await failure(read(sse([end(reason)])));
      expect([code, data.saw]).toEqual(['upstream_bad_answer', 'refused']);
      expect((await failure(read(sse([end(reason, [{ text: 'a' }])])))).data.saw).toBe('unknown');
    },
  );

  it('pain point 6: an answer with nothing in it is a failure, worth another try', async () => {
    for (const keepsNative of [true, false]) {
      const { code, data } = await failure(read(sse([end('STOP', [{ text: '' }])]), { keepsNative }));
      expect([code, data.saw]).toEqual(['upstream_bad_answer', 'refused']);
    }
  });

  it('thoughts that used up all tokens are an answer', async () => {
    const parts = await read(sse([{ candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }] }]));
    expect(parts.at(-1)).toMatchObject({ reason: 'length' });
  });
});

describe('failures inside a stream', () => {
  const error = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };

  it.each([
    ['an event', sse([...RECORDED.slice(0, 2), error])],
    ['bare JSON', Buffer.concat([sse(RECORDED.slice(0, 2)), Buffer.from(JSON.stringify(error, null, 2))])],
    ['a list of one', Buffer.concat([sse(RECORDED.slice(0, 2)), Buffer.from(`[${JSON.stringify(error)}]\n`)])],
    ['an element of the array', Buffer.from(JSON.stringify([...RECORDED.slice(0, 2), error]))],
  ])('told as %s', async (_name, bytes) => {
    const { code, data } = await failure(read(bytes));
    expect([code, data.saw]).toEqual(['upstream_overloaded', 'unknown']);
  });

  it('in place of the first event it was refused', async () => {
    expect((await failure(read(Buffer.from(JSON.stringify(error))))).data.saw).toBe('refused');
  });
});

it('sources become citations, with bytes counted as characters', () => {
  const text = 'Grüße aus Köln.';
  const segment = { startIndex: Buffer.byteLength('Grüße aus '), endIndex: Buffer.byteLength(text) - 1, text: 'Köln' };
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }, { web: { uri: 'https://b', title: 'B' } }],
    groundingSupports: [{ segment, groundingChunkIndices: [1] }],
  };
  const parts = decodeResponse({
    candidates: [{ content: { parts: [{ text }] }, groundingMetadata, finishReason: 'STOP' }],
  });
  const at = text.indexOf('Köln');
  expect(parts.find(({ type }) => type === 'annotations')).toEqual({
    type: 'annotations',
    choice: 0,
    annotations: [
      {
        type: 'url_citation',
        url_citation: { url: 'https://b', title: 'B', start_index: at, end_index: at + 4 },
      },
      {
        type: 'url_citation',
        url_citation: { url: 'https://a', title: 'A', start_index: text.length, end_index: text.length },
      },
    ],
  });
});

it('never crashes: whatever JSON comes, there are parts or a failure that is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (values) => {
      const candidates = values.map((value) => ({
        candidates: [{ content: { parts: [value] }, finishReason: 'STOP' }],
      }));
      for (const events of [values, candidates]) {
        const thrown = await read(sse(events as object[])).catch((error: unknown) => error);
        if (!Array.isArray(thrown)) expect(thrown).toBeInstanceOf(GatewayError);
      }
    }),
  );
});
