import type { UserContent } from '@sluice/contracts/chat';
import type { Part } from '@sluice/contracts/part';
import { wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import { conversation, request, said } from '@sluice/wire-errors/__fixtures__/conversation';
import { gatherAnswer } from '@sluice/wire-errors/__fixtures__/gathered-answer';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { decodeStream } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { createStreamEncoder } from './encode-stream.js';

const media: fc.Arbitrary<UserContent> = fc.constantFrom<UserContent>(
  { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AAAA' }, detail: 'low' },
  { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
  { type: 'audio', source: { type: 'data', mediaType: 'audio/wav', base64: 'AAAA' }, format: 'wav' },
  { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'AAAA' }, filename: 'a.pdf' },
  { type: 'file', source: { type: 'file', fileId: 'file-1' } },
);
const signature = fc.option(said, { nil: undefined });

it('what is said to an upstream is what a client of the same dialect would have said', () => {
  fc.assert(
    fc.property(request(conversation({ media, signature })), (asked) => {
      const body = encodeRequest(asked, { model: asked.model, isStreamed: true });
      expect(decodeRequest(JSON.parse(JSON.stringify(body))).request).toEqual(asked);
    }),
  );
});

it('what a client is told is what an upstream of the same dialect would have told', async () => {
  const context = { id: 'chatcmpl-1', createdSeconds: 1, model: 'm', includeUsage: true };
  await fc.assert(
    fc.asyncProperty(wholeAnswer({ choices: 2, isPlain: true }), async (parts) => {
      const encoder = createStreamEncoder(context);
      const bytes = Buffer.from(parts.map((part) => encoder.encode(part)).join(''));
      const told: Part[] = [];
      for await (const part of decodeStream(decodeSse(once(bytes)))) told.push(part);
      const { choices, usage } = gatherAnswer(parts);
      const silent = { text: '', reasoning: '', calls: [], reason: 'stop' };
      const answered = gatherAnswer(told);
      expect(answered.choices).toEqual(
        choices.length === 0 ? [silent] : Array.from(choices, (choice) => choice ?? silent),
      );
      if (usage === undefined) expect(answered.usage).toBeUndefined();
      else expect(answered.usage).toMatchObject(usage);
    }),
  );
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
