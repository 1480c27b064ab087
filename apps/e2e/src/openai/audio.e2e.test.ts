import OpenAI, { toFile } from 'openai';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const { openai } = sluice;
const SPEECH = { model: 'sim-speech', voice: 'alloy', input: 'Hello there' } as const;

/** Half a second of silence. */
function wav(): Promise<File> {
  const head = Buffer.from('UklGRqQfAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YYAfAAA=', 'base64');
  return toFile(Buffer.concat([head, Buffer.alloc(8_064)]), 'hello.wav', { type: 'audio/wav' });
}

describe('speech', () => {
  it.each([
    ['mp3', 'audio/mpeg', 'fffb'],
    ['wav', 'audio/wav', '52494646'],
    ['flac', 'audio/flac', '664c6143'],
  ] as const)('in %s is a file of that type', async (format, type, magic) => {
    const answer = await openai.audio.speech.create({ ...SPEECH, response_format: format });
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('x-sluice-upstream')).toBe('openai');
    expect(answer.headers.get('x-sluice-model')).toBe('sim-speech');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, magic.length / 2).toString('hex')).toBe(magic);
    if (format === 'wav') expect(bytes.length).toBe(44 + SPEECH.input.length * 800);
  });

  it('as events carries the same bytes', async () => {
    const { text } = await sluice.call('/v1/audio/speech', {
      body: { ...SPEECH, response_format: 'wav', stream_format: 'sse' },
    });
    const events = text
      .split('\n\n')
      .filter((frame) => frame.includes('data: '))
      .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as { type: string; audio?: string });
    const bytes = Buffer.concat(events.map(({ audio = '' }) => Buffer.from(audio, 'base64')));
    expect(bytes.length).toBe(44 + SPEECH.input.length * 800);
    expect(events.at(-1)).toMatchObject({
      type: 'speech.audio.done',
      usage: { input_tokens: expect.any(Number) as number },
    });
  });

  it('that fails before its first byte is a status; later it is cut, never whole', async () => {
    const early = openai.audio.speech.create({ ...SPEECH, input: 'x [[sim:status=429]]' });
    await expect(early).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    const late = openai.audio.speech.create({
      ...SPEECH,
      input: `${'long '.repeat(80)}[[sim:cut]]`,
      response_format: 'wav',
    });
    await expect(late.then((answer) => answer.arrayBuffer())).rejects.toThrow();
  });

  it('asked for wrongly names the field', async () => {
    const asked = openai.audio.speech.create({ ...SPEECH, speed: 99 });
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'speed', type: 'invalid_request_error' });
  });
});

describe('transcription', () => {
  it('says what was sent, with its usage', async () => {
    const { text, usage } = await openai.audio.transcriptions.create({ model: 'sim-transcribe', file: await wav() });
    expect(text).toBe('Simulated transcript of hello.wav, 8108 bytes of audio/wav, in english.');
    expect(usage).toMatchObject({ type: 'tokens', input_tokens: 8108 });
  });

  it.each([
    ['text', /^Simulated transcript/],
    ['srt', /^1\n00:00:00,000 --> 00:00:02,000\nSimulated transcript/],
    ['vtt', /^WEBVTT\n\n00:00:00\.000 --> /],
  ] as const)('as %s', async (format, expected) => {
    const body = { model: 'sim-transcribe', file: await wav(), response_format: format } as const;
    expect(String(await openai.audio.transcriptions.create(body))).toMatch(expected);
  });

  it('with times of words and segments', async () => {
    const answer = await openai.audio.transcriptions.create({
      model: 'sim-transcribe',
      file: await wav(),
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(answer.words?.[0]).toEqual({ word: 'Simulated', start: 0, end: 0.5 });
    expect(answer.segments?.[1]).toMatchObject({ id: 1, start: 2, end: 4 });
  });

  it('streamed', async () => {
    const stream = await openai.audio.transcriptions.create({
      model: 'sim-transcribe',
      file: await wav(),
      stream: true,
    });
    let text = '';
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'transcript.text.delta') text += event.delta;
    }
    expect(text).toMatch(/^Simulated transcript of hello\.wav/);
    expect(types.length).toBeGreaterThan(5);
    expect(types.at(-1)).toBe('transcript.text.done');
  });

  it('in English', async () => {
    const { text } = await openai.audio.translations.create({ model: 'sim-transcribe', file: await wav() });
    expect(text).toMatch(/in english\.$/);
  });

  it.each([
    ['file', { model: 'sim-transcribe' }],
    ['temperature', { model: 'sim-transcribe', temperature: '9' }],
    ['model', {}],
  ])('that lacks or spoils %s names it', async (param, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (param !== 'file') form.append('file', await wav());
    const answer = await fetch(`${sluice.run.gateway}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sluice.run.apiKey}` },
      body: form,
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: expect.objectContaining({ param }) as unknown },
    ]);
  });

  it('of what is no sound, or no form, is refused', async () => {
    const file = await toFile(Buffer.from('not a sound at all'), 'a.wav', { type: 'audio/wav' });
    const asked = openai.audio.transcriptions.create({ model: 'sim-transcribe', file });
    await expect(asked).rejects.toMatchObject({ param: 'file' });
    expect((await sluice.call('/v1/audio/transcriptions', { body: { model: 'x' } })).status).toBe(415);
  });
});
