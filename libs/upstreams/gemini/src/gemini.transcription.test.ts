import type { TranscriptionRequest } from '@sluice/contracts/transcription';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { collect } from './collect.js';
import { createTestContext } from './create-test-context.js';
import { transcribe } from './gemini.transcription.js';

const audio = { key: 'k', mediaType: 'audio/x-wav', bytes: 3, filename: 'a.wav' };
const ask: TranscriptionRequest = { model: 'm', audio, task: 'transcribe', detail: 'text' };
const event = (parts: object[], more: object = {}) =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts, role: 'model' }, ...more }] })}\r\n\r\n`;
const heard: FakeAnswer = {
  pieces: [
    event([{ text: 'Hm', thought: true }]),
    event([{ text: 'Hello ' }]),
    event([{ text: 'there' }], { finishReason: 'STOP' }),
  ],
};

function run(request: Partial<TranscriptionRequest>, answer = heard) {
  const http = createFakeHttp(answer);
  const readMedia = async function* () {
    yield Buffer.from('wav');
  };
  return { http, parts: collect(transcribe({ ...ask, ...request }, createTestContext({ http, readMedia }))) };
}

describe('pain point 2: speech to text that there is no way for', () => {
  it('the sound goes in with a question, and the words come as they are said', async () => {
    const { http, parts } = run({ language: 'en', prompt: 'ACME' });
    expect(await parts).toEqual([
      { type: 'start', model: 'gemini-3.5-flash' },
      { type: 'transcript-delta', text: 'Hello ' },
      { type: 'transcript-delta', text: 'there' },
      { type: 'transcript', transcript: { text: 'Hello there' } },
    ]);
    const { contents } = JSON.parse(String(http.requests[0]?.body)) as { contents: { parts: object[] }[] };
    expect(contents[0]?.parts).toEqual([
      { inlineData: { mimeType: 'audio/wav', data: 'd2F2' } },
      { text: expect.stringMatching(/word for word.*'en'.*alone.*ACME/) as string },
    ]);
  });

  it.each<[Partial<TranscriptionRequest>, string, string]>([
    [{ detail: 'timed' }, 'unsupported', 'response_format'],
    [{ withLogprobs: true }, 'unsupported', 'include'],
    [{ audio: { ...audio, bytes: 80 * 1024 * 1024 } }, 'too_large', 'file'],
  ])('%j is refused by its name, unsent', async (request, code, param) => {
    const { http, parts } = run(request);
    await expect(parts).rejects.toMatchObject({ data: { code, param } });
    expect(http.requests).toEqual([]);
  });

  it('what was held back is told as that', async () => {
    const { parts } = run({}, { pieces: ['{"promptFeedback":{"blockReason":"SAFETY"}}'] });
    await expect(parts).rejects.toMatchObject({ data: { code: 'content_refused', param: 'file' } });
  });
});
