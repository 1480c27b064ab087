import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { checkParts } from '@sluice/wire-errors/__fixtures__/check-parts';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEvents } from './decode-events.js';
import { decodeStream } from './decode-stream.js';

const responseOf = (parts: JsonObject[], rest: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...rest }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, thoughtsTokenCount: 1, totalTokenCount: 4 },
  modelVersion: 'm',
  responseId: 'r',
});
const responses: JsonObject[] = [
  responseOf([{ text: 'größe 函数' }, { text: 'thought', thought: true, thoughtSignature: 'AAAA' }]),
  responseOf([{ functionCall: { id: 'c', name: 'f', args: { a: ['"}]'] } }, thoughtSignature: 'AAAA' }]),
  responseOf([{ inlineData: { mimeType: 'image/png', data: 'AA==' } }, { executableCode: { code: '1' } }]),
  responseOf([{ text: 'x' }], {
    groundingMetadata: {
      groundingChunks: [{ web: { uri: 'https://x', title: 't' } }],
      groundingSupports: [{ segment: { startIndex: 0, endIndex: 1, text: 'x' }, groundingChunkIndices: [0] }],
    },
    logprobsResult: { chosenCandidates: [{ token: 'x', logProbability: -1 }], topCandidates: [{ candidates: [] }] },
  }),
  responseOf([{ text: '' }], { finishReason: 'STOP' }),
  { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: {} },
  { error: { code: 503, message: 'no', status: 'UNAVAILABLE', details: [{ '@type': 'x', retryDelay: '1s' }] } },
];

const response = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...responses.slice(0, 6)) },
  { weight: 6, arbitrary: mutatedBody(responses) },
  { weight: 1, arbitrary: anyJson },
);

it('whatever a vendor sends, the parts are in order, or the answer fails as an upstream answer does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(response, { maxLength: 12 }), fc.boolean(), async (list, keepsNative) => {
      const parts: ChatPart[] = [];
      let failure: unknown;
      try {
        const events = fromArray(list.map((json) => ({ data: JSON.stringify(json) })));
        for await (const part of decodeStream(events, { keepsNative })) parts.push(part);
      } catch (error) {
        failure = error;
        if (!(error instanceof GatewayError)) throw error;
      }
      checkParts(parts, { isWhole: failure === undefined });
    }),
  );
});

const cuts = fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 });
const forms = fc.constantFrom<(texts: string[]) => string>(
  (texts) => texts.map((text) => `data: ${text}\r\n\r\n`).join(''),
  (texts) => texts.map((text) => `data: ${text}\n\n`).join(''),
  (texts) => `[${texts.join(',\r\n')}\n]`,
  (texts) => `\uFEFF [\n${texts.map((text) => JSON.stringify(JSON.parse(text), undefined, 2)).join('\n,\n')}]\n`,
);

it('wherever a body is cut, in either form, its events are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...responses)), forms, cuts, async (list, formOf, at) => {
      const bytes = Buffer.from(formOf(list.map((json) => JSON.stringify(json))));
      const found: unknown[] = [];
      for await (const { data } of decodeEvents(fromArray(piecesOf(bytes, at)))) found.push(JSON.parse(data));
      expect(found).toEqual(list);
    }),
  );
});

function piecesOf(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.filter((place) => place < bytes.length), bytes.length].toSorted(
    (left, right) => left - right,
  );
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

async function* fromArray<Item>(items: readonly Item[]): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
