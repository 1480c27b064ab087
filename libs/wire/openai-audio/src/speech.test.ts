import { describe, expect, it } from 'vitest';
import { decodeSpeech } from './decode-speech.js';
import { encodeSpeech } from './encode-speech.js';
import { createSpeechEncoder } from './encode-speech-stream.js';

const BODY = { model: 'tts', input: 'Hello', voice: 'alloy' };

describe('a request', () => {
  it('is mp3 unless it says otherwise', () => {
    expect(decodeSpeech(BODY)).toEqual({
      request: { ...BODY, format: 'mp3' },
      isEvents: false,
      ignored: [],
      native: BODY,
    });
  });

  it('keeps what it was asked, and names what it does not know', () => {
    const body = { ...BODY, instructions: 'softly', speed: 2, response_format: 'wav', stream_format: 'sse', vendor: 1 };
    const { request, isEvents, ignored } = decodeSpeech(body);
    expect(request).toEqual({ ...BODY, format: 'wav', instructions: 'softly', speed: 2 });
    expect([isEvents, ignored]).toEqual([true, ['vendor']]);
    expect(encodeSpeech(request, { model: 'real' })).toEqual({
      ...BODY,
      model: 'real',
      response_format: 'wav',
      instructions: 'softly',
      speed: 2,
    });
  });

  it.each([
    ['input', { input: '' }],
    ['input', { input: 'x'.repeat(4097) }],
    ['voice', { voice: undefined }],
    ['speed', { speed: 9 }],
    ['response_format', { response_format: 'midi' }],
    ['stream_format', { stream_format: 'ws' }],
    ['model', { model: 7 }],
  ])('that is wrong in %s is told by its name', (param, wrong) => {
    expect(() => decodeSpeech({ ...BODY, ...wrong })).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param }) as unknown }),
    );
  });
});

it('events carry the sound, then what it cost', () => {
  const encoder = createSpeechEncoder({ requestId: 'r' });
  const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };
  const parts = [
    { type: 'start' },
    { type: 'speech-delta', base64: 'AAA=' },
    { type: 'usage', usage },
    { type: 'succeeded' },
  ] as const;
  expect(parts.map((part) => encoder.encode(part)).join('')).toBe(
    'event: speech.audio.delta\ndata: {"type":"speech.audio.delta","audio":"AAA="}\n\n' +
      'event: speech.audio.done\ndata: {"type":"speech.audio.done","usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}\n\n',
  );
  expect(encoder.encode({ type: 'failed', error: { code: 'upstream_error', message: 'no' } })).toContain(
    '"error":{"message":"no"',
  );
});
