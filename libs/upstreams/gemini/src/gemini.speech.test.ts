import type { SpeechPart, SpeechRequest } from '@sluice/contracts/speech';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { collect } from './collect.js';
import { createTestContext } from './create-test-context.js';
import { speak } from './gemini.speech.js';
import { readWav } from './read-wav.js';
import { createSoundEncoder } from './sound-encoder.js';

const MODEL = 'gemini-2.5-flash-preview-tts';
const PCM = 'audio/L16;codec=pcm;rate=24000';
const ask: SpeechRequest = { model: 'm', input: 'Hello there', voice: 'Kore', format: 'wav' };
/** A second of a tone. */
const TONE = Buffer.alloc(48_000);
for (let index = 0; index < 24_000; index += 1) TONE.writeInt16LE(Math.round(8_000 * Math.sin(index / 10)), index * 2);

const event = (parts: object[], more: object = {}) => ({
  candidates: [{ content: { parts, role: 'model' }, ...more }],
});
const sound = (bytes: Buffer, mimeType = PCM) => ({ inlineData: { mimeType, data: bytes.toString('base64') } });
const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 25, totalTokenCount: 28 };
const whole = (bytes: Buffer, mimeType?: string): FakeAnswer => ({
  pieces: [JSON.stringify({ ...event([sound(bytes, mimeType)], { finishReason: 'STOP' }), usageMetadata })],
});
/** Cut within a sample, as streams are. */
const streamed = (bytes: Buffer, ...cuts: number[]): FakeAnswer => {
  const ends = [...cuts, bytes.length];
  const pieces = ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
  const events = [
    ...pieces.map((piece) => event([sound(piece)])),
    { ...event([], { finishReason: 'STOP' }), usageMetadata },
  ];
  return { pieces: events.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`) };
};

async function say(request: Partial<SpeechRequest>, answer: FakeAnswer) {
  const http = createFakeHttp(answer);
  const parts = await collect(speak({ ...ask, ...request }, createTestContext({ http, model: MODEL })));
  const [sent] = http.requests;
  return { parts, file: fileOf(parts), url: sent?.url, body: JSON.parse(String(sent?.body)) as Record<string, object> };
}

function fileOf(parts: readonly SpeechPart[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => (part.type === 'speech-delta' ? Buffer.from(part.base64, 'base64') : [])),
  );
}

function mediaTypeOf([start]: readonly SpeechPart[]): string | undefined {
  return start?.type === 'start' ? start.mediaType : undefined;
}

describe('formats', () => {
  it('WAV comes whole, with a head that tells how long it is', async () => {
    const { parts, file, url } = await say({}, whole(TONE));
    expect(url).toContain(':generateContent');
    expect(mediaTypeOf(parts)).toBe('audio/wav');
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.readUInt32LE(40)).toBe(TONE.length);
    expect(readWav(file)).toEqual({ sampleRate: 24_000, pcm: TONE });
    expect(parts.at(-1)).toMatchObject({ type: 'usage', usage: { outputTokens: 25 } });
  });

  it('PCM comes piece by piece, and is the same', async () => {
    const { parts, file, url } = await say({ format: 'pcm' }, streamed(TONE, 1_001, 20_003));
    expect(url).toContain(':streamGenerateContent');
    expect(parts.filter(({ type }) => type === 'speech-delta')).toHaveLength(3);
    expect(file.equals(TONE)).toBe(true);
  });

  it('MP3 is made on the way, and does not depend on where the stream was cut', async () => {
    const { parts, file } = await say({ format: 'mp3' }, streamed(TONE, 1_001, 20_003));
    expect(mediaTypeOf(parts)).toBe('audio/mpeg');
    expect(isMp3(file)).toBe(true);
    // A second at 96 kbit/s.
    expect(file.length).toBeGreaterThan(10_000);
    expect(file.length).toBeLessThan(14_000);
    const uncut = await say({ format: 'mp3' }, streamed(TONE));
    expect(file.equals(uncut.file)).toBe(true);
  });

  it('MP3 of minutes in one piece, and of a rate that the format has not', async () => {
    const minute = Buffer.concat(Array.from({ length: 30 }, () => TONE));
    const { file } = await say({ format: 'mp3' }, streamed(minute));
    expect(file.length / 30).toBeGreaterThan(11_000);
    const odd = {
      pieces: [`data: ${JSON.stringify(event([sound(TONE, 'audio/L16;rate=12345')], { finishReason: 'STOP' }))}\n\n`],
    };
    expect(isMp3((await say({ format: 'mp3' }, odd)).file)).toBe(true);
  });

  it('a whole WAV file, as newer models send it, becomes what was asked for', async () => {
    const encoder = await createSoundEncoder('wav', 24_000);
    encoder.encode(TONE);
    const wav = Buffer.from(encoder.end());
    expect((await say({}, whole(wav, 'audio/wav'))).file.equals(wav)).toBe(true);
    expect((await say({ format: 'pcm' }, whole(wav, 'audio/wav'))).file.equals(TONE)).toBe(true);
  });

  it('another rate stands in the head', async () => {
    const { file } = await say({}, whole(TONE, 'audio/L16;codec=pcm;rate=16000'));
    expect(readWav(file)?.sampleRate).toBe(16_000);
  });

  it.each(['opus', 'aac', 'flac'] as const)('%s is refused by name, unsent', async (format) => {
    const http = createFakeHttp(whole(TONE));
    const parts = speak({ ...ask, format }, createTestContext({ http }));
    await expect(collect(parts)).rejects.toMatchObject({
      data: { code: 'unsupported', param: 'response_format', saw: 'nothing' },
    });
    expect(http.requests).toEqual([]);
  });
});

/** Frames of MPEG audio, layer III. */
function isMp3(file: Buffer): boolean {
  return file[0] === 0xff && ((file[1] ?? 0) & 0xe6) === 0xe2;
}

describe('what is asked', () => {
  it('is the text alone where nothing else is wished', async () => {
    const { body } = await say({ voice: 'alloy', speed: 1 }, whole(TONE));
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }],
      generationConfig: {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
    });
  });

  it.each([
    ['nova', 'Zephyr'],
    ['puck', 'Puck'],
    [{ id: 'Leda' }, 'Leda'],
    ['NotYetKnown', 'NotYetKnown'],
  ])('the voice %j is %s', async (voice, voiceName) => {
    const { body } = await say({ voice }, whole(TONE));
    expect(body['generationConfig']).toMatchObject({
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName } } },
    });
  });

  it('manner and pace are told in words, before the text', async () => {
    const { body } = await say({ instructions: 'Sound cheerful.', speed: 0.8 }, whole(TONE));
    expect(body['contents']).toMatchObject([{ parts: [{ text: 'Sound cheerful. Speak slowly.\nSay:\nHello there' }] }]);
  });
});

describe('no sound', () => {
  it('refused: told as that, with the field', async () => {
    const blocked = { pieces: ['{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}'] };
    await expect(say({}, blocked)).rejects.toMatchObject({ data: { code: 'content_refused', param: 'input' } });
  });

  it('words alone are no speech', async () => {
    const words = { pieces: [JSON.stringify(event([{ text: 'Hello' }], { finishReason: 'STOP' }))] };
    await expect(say({}, words)).rejects.toMatchObject({ data: { code: 'upstream_bad_answer', saw: 'refused' } });
  });

  it('sound that nobody can read is a bad answer', async () => {
    await expect(say({}, whole(Buffer.from('OggS'), 'audio/ogg'))).rejects.toMatchObject({
      data: { code: 'upstream_bad_answer' },
    });
  });
});

describe('mistake 20: speech that ignores the model and the format, and reads a sentence of its own aloud', () => {
  it('the model is in the address, the file is what was asked for, the text is what was written', async () => {
    const { url, body, parts } = await say({ format: 'mp3' }, streamed(TONE));
    expect(url).toContain(`/models/${MODEL}:`);
    expect(mediaTypeOf(parts)).toBe('audio/mpeg');
    expect(JSON.stringify(body['contents'])).toBe('[{"role":"user","parts":[{"text":"Hello there"}]}]');
  });
});
