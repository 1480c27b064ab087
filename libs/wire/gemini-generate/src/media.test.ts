import type { ChatRequest, Message, UserContent } from '@sluice/contracts/chat';
import { describe, expect, it } from 'vitest';
import { assertInlineSize } from './assert-inline-size.js';
import { encodeRequest } from './encode-request.js';
import { mediaTypeFor } from './media-type.js';
import { readPcmType } from './read-sound-type.js';

const data = (mediaType: string, base64 = 'AAAA') => ({ type: 'data' as const, mediaType, base64 });

function encode(content: UserContent[], more: Partial<ChatRequest> = {}) {
  const messages: Message[] = [{ role: 'user', content }];
  const body = encodeRequest({ model: 'm', messages, ...more }, { model: 'gemini-3.5-flash' });
  return JSON.parse(JSON.stringify(body)) as { contents: { parts: object[] }[] } & Record<string, unknown>;
}

describe('mistake 15: a PDF as a data URL becomes text in the prompt', () => {
  it.each([
    ['application/pdf', undefined, 'application/pdf'],
    ['application/octet-stream', 'Report.PDF', 'application/pdf'],
    ['application/octet-stream', 'film.mov', 'video/quicktime'],
    ['audio/x-wav', undefined, 'audio/wav'],
    ['video/mp4;codecs=avc1', undefined, 'video/mp4'],
    ['application/octet-stream', 'secret.xyz', 'application/octet-stream'],
  ])('%s named %s goes inline as %s', (mediaType, filename, mimeType) => {
    const body = encode([{ type: 'file', source: data(mediaType), ...(filename !== undefined && { filename }) }]);
    expect(body.contents[0]?.parts).toEqual([{ inlineData: { mimeType, data: 'AAAA' } }]);
  });
});

describe('pain point 2: sound and films that have no way in', () => {
  it("go inline; Google's own files and its films go by their address", () => {
    const body = encode([
      { type: 'audio', source: data('audio/flac'), format: 'flac' },
      { type: 'file', source: data('video/webm') },
      { type: 'file', source: { type: 'url', url: 'https://www.youtube.com/watch?v=abc' } },
      { type: 'file', source: { type: 'url', url: 'https://generativelanguage.googleapis.com/v1beta/files/1' } },
    ]);
    expect(body.contents[0]?.parts).toEqual([
      { inlineData: { mimeType: 'audio/flac', data: 'AAAA' } },
      { inlineData: { mimeType: 'video/webm', data: 'AAAA' } },
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=abc' } },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/1' } },
    ]);
  });

  it('too much for one request is refused by the part with which it becomes that', () => {
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image', source: data('image/png', 'A'.repeat(60)) },
        ],
      },
      { role: 'user', content: [{ type: 'file', source: data('video/mp4', 'A'.repeat(60)) }] },
    ];
    expect(() => assertInlineSize({ messages }, 120)).not.toThrow();
    expect(() => assertInlineSize({ messages }, 119)).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({ code: 'too_large', param: 'messages[1].content[0]' }) as object,
      }) as Error,
    );
  });
});

it('a type that nobody told is read off the name, or left to Google', () => {
  expect(mediaTypeFor(undefined, 'https://x/a.jpeg')).toBe('image/jpeg');
  expect(mediaTypeFor(undefined, 'https://youtu.be/abc')).toBeUndefined();
});

it.each([
  ['audio/L16;codec=pcm;rate=24000', 24_000],
  ['audio/L16; rate=16000', 16_000],
  ['audio/l16', 24_000],
  ['audio/pcm;rate=9999999', 24_000],
])('%s has %i samples a second', (mediaType, sampleRate) => {
  expect(readPcmType(mediaType)).toEqual({ sampleRate });
});

it('a WAV file is no headerless sound', () => {
  expect(readPcmType('audio/wav')).toBeUndefined();
});

it("a client's own tools for Gemini stand beside those of its dialect", () => {
  const providerOptions = { gemini: { tools: [{ codeExecution: {} }] } };
  const { tools } = encode([{ type: 'text', text: 'Hi' }], { providerOptions, webSearch: {} });
  expect(tools).toEqual([{ googleSearch: {} }, { codeExecution: {} }]);
});
