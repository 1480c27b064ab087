import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { collect } from './collect.js';
import { createTestContext } from './create-test-context.js';
import { chat } from './gemini.chat.js';
import { readWav } from './read-wav.js';

const HELLO: Message = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };
const MODEL = 'gemini-2.5-flash-preview-tts';
const PCM = 'audio/L16;codec=pcm;rate=24000';

const event = (parts: object[], more: object = {}) =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts, role: 'model' }, ...more }] })}\r\n\r\n`;
const STOP = event([{ text: '' }], { finishReason: 'STOP' });
const piece = (bytes: Buffer) => event([{ inlineData: { mimeType: PCM, data: bytes.toString('base64') } }]);

async function say(request: Partial<ChatRequest>, answer: FakeAnswer, model = MODEL) {
  const http = createFakeHttp(answer);
  const parts = await collect(chat({ model: 'm', messages: [HELLO], ...request }, createTestContext({ http, model })));
  return { parts, body: JSON.parse(String(http.requests[0]?.body)) as Record<string, object> };
}

/** As clients put it together: text after text, and then read. */
function soundOf(parts: readonly ChatPart[]): Buffer {
  const texts = parts.map((part) => (part.type === 'audio-delta' ? (part.audio['data'] ?? '') : ''));
  return Buffer.from(texts.join(''), 'base64');
}

describe('answers that speak', () => {
  const samples = Buffer.from(Array.from({ length: 4_001 }, (_, index) => index % 251));
  const answer = { pieces: [piece(samples.subarray(0, 1_000)), piece(samples.subarray(1_000)), STOP] };

  it('are asked for with a voice, and come as pieces that clients can put together', async () => {
    const { parts, body } = await say({ audioOutput: { format: 'pcm16', voice: 'alloy' } }, answer);
    expect(body['generationConfig']).toEqual({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    });
    expect(soundOf(parts).equals(samples)).toBe(true);
    const [first] = parts.filter((part) => part.type === 'audio-delta');
    expect(first?.audio).toMatchObject({ id: expect.stringMatching(/^audio_/) as string, transcript: '' });
    expect(parts.findLast(({ type }) => type === 'finish')).toMatchObject({ reason: 'stop' });
  });

  it('as WAV are one file, told before the end', async () => {
    const { parts } = await say({ audioOutput: { format: 'wav', voice: 'Kore' } }, answer);
    expect(readWav(soundOf(parts))?.pcm.equals(samples)).toBe(true);
    const order = parts.map(({ type }) => type);
    expect(order.lastIndexOf('audio-delta')).toBeLessThan(order.indexOf('finish'));
  });

  it('in a format that cannot be had are refused by its name', async () => {
    await expect(say({ audioOutput: { format: 'flac', voice: 'Kore' } }, answer)).rejects.toMatchObject({
      data: { code: 'unsupported', param: 'audio.format' },
    });
  });
});

describe('pain point 7 of Gemini Balance: pictures that need an upload host, whose failure is an answer that failed', () => {
  it('a picture is told whole and in its place, with its proof, and needs no other host', async () => {
    const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 'c2ln' };
    const { parts } = await say(
      {},
      { pieces: [event([{ text: 'Here:' }]), event([picture]), STOP] },
      'gemini-3-pro-image',
    );
    expect(parts.slice(1, 4)).toEqual([
      { type: 'text-delta', choice: 0, text: 'Here:' },
      { type: 'image', choice: 0, mediaType: 'image/png', base64: 'AAAA', signature: 'gemini:c2ln' },
      { type: 'finish', choice: 0, reason: 'stop', native: 'STOP' },
    ]);
  });

  it('a sketch on the way is left out, and a picture that was held back is a filtered end', async () => {
    const sketch = { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true };
    const end = event([{ text: '' }], { finishReason: 'IMAGE_SAFETY' });
    const { parts } = await say({}, { pieces: [event([sketch, { text: 'No.' }]), end] }, 'gemini-3-pro-image');
    expect(parts.some(({ type }) => type === 'image')).toBe(false);
    expect(parts.find(({ type }) => type === 'finish')).toMatchObject({
      reason: 'content-filter',
      native: 'IMAGE_SAFETY',
    });
  });

  it("the client's own picture of an earlier turn goes back with its proof; another's with Google's word for it", async () => {
    const image = (signature?: string) => ({
      type: 'image' as const,
      source: { type: 'data' as const, mediaType: 'image/png', base64: 'AAAA' },
      ...(signature !== undefined && { signature }),
    });
    const messages: Message[] = [HELLO, { role: 'assistant', content: [image('gemini:c2ln'), image()] }, HELLO];
    const { body } = await say({ messages }, { pieces: [event([{ text: 'ok' }]), STOP] }, 'gemini-3-pro-image');
    expect(body['contents']).toMatchObject([
      {},
      { parts: [{ thoughtSignature: 'c2ln' }, { thoughtSignature: 'skip_thought_signature_validator' }] },
      {},
    ]);
  });
});
