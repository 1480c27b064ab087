import type { Message, UserContent } from '@sluice/contracts/chat';
import type { Part } from '@sluice/contracts/part';
import { wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import { conversation, request } from '@sluice/wire-errors/__fixtures__/conversation';
import { gatherAnswer } from '@sluice/wire-errors/__fixtures__/gathered-answer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StreamForm } from './answer-context.js';
import { decodeEvents } from './decode-events.js';
import { decodeRequest } from './decode-request.js';
import { decodeStream } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { createStreamEncoder } from './encode-stream.js';

const media: fc.Arbitrary<UserContent> = fc.constantFrom<UserContent>(
  { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AAAA' } },
  { type: 'audio', source: { type: 'data', mediaType: 'audio/wav', base64: 'AAAA' }, format: 'wav' },
  { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'AAAA' } },
);
// Reasoning that Gemini has not signed is not sent to it.
const signature = fc.base64String({ minLength: 4 }).map((own) => `gemini:${own}`);

it('what is said to an upstream is what a client of the same dialect would have said', () => {
  fc.assert(
    fc.property(request(conversation({ media, signature })), (asked) => {
      const { model } = asked;
      const body: unknown = JSON.parse(JSON.stringify(encodeRequest(asked, { model })));
      const told = decodeRequest(body, { model }).request;
      expect({ ...told, messages: told.messages.map(withoutName) }).toEqual(asked);
    }),
  );
});

/** This dialect repeats the tool's name with its result. */
function withoutName(message: Message): Message {
  if (message.role !== 'tool') return message;
  const { name: _, ...rest } = message;
  return rest;
}

it('what a client is told is what an upstream of the same dialect would have told', async () => {
  const context = { responseId: 'r', model: 'm', includesThoughts: true, requestId: 'req_1' };
  const answers = wholeAnswer({ choices: 2, isPlain: true }).filter((parts) => parts.some((part) => 'choice' in part));
  await fc.assert(
    fc.asyncProperty(answers, fc.constantFrom<StreamForm>('sse', 'array'), async (parts, form) => {
      const encoder = createStreamEncoder({ ...context, form });
      const bytes = Buffer.from(parts.map((part) => encoder.encode(part)).join(''));
      const told: Part[] = [];
      for await (const part of decodeStream(decodeEvents(once(bytes)))) told.push(part);
      const { choices, usage } = gatherAnswer(parts);
      const silent = { text: '', reasoning: '', calls: [], reason: 'stop' };
      const answered = gatherAnswer(told);
      expect(answered.choices).toEqual(Array.from(choices, (choice) => choice ?? silent));
      if (usage !== undefined) expect(answered.usage).toMatchObject(usage);
    }),
  );
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
