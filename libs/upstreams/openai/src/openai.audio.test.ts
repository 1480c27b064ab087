import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { TranscriptionRequest } from '@sluice/contracts/transcription';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { moderate } from './openai.moderation.js';
import { speak } from './openai.speech.js';
import { transcribe } from './openai.transcription.js';

async function collect<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const all: Part[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

describe('speech', () => {
  const request = { model: 'm', input: 'Hello you', voice: 'alloy', format: 'wav' as const };
  const sound = (answer: FakeAnswer = {}) => ({ headers: { 'content-type': 'audio/wav' }, ...answer });

  it('is passed on in the pieces in which it comes', async () => {
    const http = createFakeHttp(sound({ pieces: [Buffer.from([1, 2]), Buffer.from([3])] }));
    expect(await collect(speak(request, createTestContext({ http })))).toEqual([
      { type: 'start', mediaType: 'audio/wav' },
      { type: 'speech-delta', base64: 'AQI=' },
      { type: 'speech-delta', base64: 'Aw==' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 0, totalTokens: 3 } },
    ]);
    expect(http.requests[0]?.url).toBe('http://upstream.test/v1/audio/speech');
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      model: 'gpt-x',
      input: 'Hello you',
      voice: 'alloy',
      response_format: 'wav',
    });
  });

  it("is asked for with the client's own body, but never as events", async () => {
    const http = createFakeHttp(sound({ pieces: ['x'] }));
    const native = { dialect: 'openai-audio' as const, body: { input: 'a', vendor: 1, stream_format: 'sse' } };
    await collect(speak(request, createTestContext({ http, native })));
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({ model: 'gpt-x', input: 'a', vendor: 1 });
  });

  it('that is an error told with a 200, a web page or nothing is a failure', async () => {
    const told = { headers: { 'content-type': 'application/json' }, pieces: ['{"error":{"message":"no","code":429}}'] };
    const failing = (answer: FakeAnswer) =>
      collect(speak(request, createTestContext({ http: createFakeHttp(answer) })));
    await expect(failing(told)).rejects.toMatchObject({ code: 'upstream_rate_limited' });
    const page = { headers: { 'content-type': 'text/html' }, pieces: ['<html>'] };
    await expect(failing(page)).rejects.toMatchObject({ code: 'upstream_bad_answer' });
    await expect(failing(sound())).rejects.toMatchObject({ code: 'upstream_bad_answer' });
  });
});

describe('transcription', () => {
  const audio = { key: 'uploads/1', mediaType: 'audio/wav', bytes: 5, filename: 'a "b".wav' };
  const request: TranscriptionRequest = { model: 'm', audio, task: 'transcribe', detail: 'text', language: 'cs' };
  const context = (answer: FakeAnswer, isStreamed = false) => {
    const http = createFakeHttp(answer);
    const readMedia = async function* () {
      yield Buffer.from('sound');
    };
    return { http, context: createTestContext({ http, isStreamed, readMedia }) };
  };

  it('sends the file as it is read, as long as it says', async () => {
    const { http, context: call } = context({ pieces: ['{"text":"Ahoj","usage":{"type":"duration","seconds":2}}'] });
    expect(await collect(transcribe(request, call))).toEqual([
      { type: 'start' },
      { type: 'transcript', transcript: { text: 'Ahoj', durationSeconds: 2 } },
    ]);
    const [sent] = http.requests;
    const pieces: Uint8Array[] = [];
    const asked = (sent?.body ?? []) as AsyncIterable<Uint8Array>;
    for await (const piece of asked) pieces.push(piece);
    const body = Buffer.concat(pieces);
    expect(Number(sent?.headers?.['content-length'])).toBe(body.length);
    const form = await new Response(body, {
      headers: { 'content-type': sent?.headers?.['content-type'] ?? '' },
    }).formData();
    expect(form.get('model')).toBe('gpt-x');
    expect(form.get('language')).toBe('cs');
    expect(form.get('response_format')).toBe('json');
    const file = form.get('file');
    expect(file instanceof File && [file.type, await file.text()]).toEqual(['audio/wav', 'sound']);
  });

  it('asks for times where they are wanted, and for English at its own path', async () => {
    const { http, context: call } = context({
      pieces: ['{"text":"a","language":"en","duration":"1.5","segments":[{"id":0,"start":0,"end":1.5,"text":"a"}]}'],
    });
    const parts = await collect(transcribe({ ...request, task: 'translate', detail: 'timed' }, call));
    expect(http.requests[0]?.url).toBe('http://upstream.test/v1/audio/translations');
    expect(parts[1]).toMatchObject({
      transcript: { durationSeconds: 1.5, segments: [{ startSeconds: 0, endSeconds: 1.5, text: 'a' }] },
    });
  });

  it('streams where it streams, and is whole where the vendor does not', async () => {
    const events = [
      'data: {"type":"transcript.text.delta","delta":"Ah"}\n\n',
      'data: {"type":"transcript.text.delta","delta":"oj"}\n\n',
      'data: {"type":"transcript.text.done","text":"Ahoj","usage":{"type":"tokens","input_tokens":3,"output_tokens":1,"total_tokens":4}}\n\n',
    ];
    const headers = { 'content-type': 'text/event-stream' };
    expect((await collect(transcribe(request, context({ headers, pieces: events }, true).context))).slice(1)).toEqual([
      { type: 'transcript-delta', text: 'Ah' },
      { type: 'transcript-delta', text: 'oj' },
      { type: 'transcript', transcript: { text: 'Ahoj' } },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 } },
    ]);
    const whole = await collect(transcribe(request, context({ pieces: ['{"text":"Ahoj"}'] }, true).context));
    expect(whole[1]).toEqual({ type: 'transcript', transcript: { text: 'Ahoj' } });
    const broken = context({ headers, pieces: events.slice(0, 1) }, true);
    await expect(collect(transcribe(request, broken.context))).rejects.toMatchObject({ code: 'upstream_interrupted' });
  });
});

it('moderation passes the verdicts on as they are', async () => {
  const http = createFakeHttp({ pieces: ['{"model":"omni-1","results":[{"flagged":true,"categories":{"x":true}}]}'] });
  expect(await collect(moderate({ model: 'm', input: ['a'] }, createTestContext({ http })))).toEqual([
    { type: 'start', model: 'omni-1' },
    { type: 'verdicts', results: [{ flagged: true, categories: { x: true } }] },
  ]);
  const other = createFakeHttp({ pieces: ['{}'] });
  await expect(collect(moderate({ model: 'm', input: 'a' }, createTestContext({ http: other })))).rejects.toMatchObject(
    {
      code: 'upstream_bad_answer',
    },
  );
});
