import type { Part } from '@sluice/contracts/part';
import { describe, expect, it } from 'vitest';
import { decodeTranscription } from './decode-transcription.js';
import { decodeTranscript } from './decode-transcript.js';
import { encodeSrt, encodeText, encodeVtt } from './encode-subtitles.js';
import { encodeTranscript } from './encode-transcript.js';
import { createTranscriptEncoder } from './encode-transcript-stream.js';
import { encodeTranscription } from './encode-transcription.js';

const audio = { key: 'uploads/1', mediaType: 'audio/wav', bytes: 9 };
const decode = (fields: Record<string, string | string[]>) =>
  decodeTranscription({
    fields: new Map(Object.entries({ model: 'whisper-1', ...fields }).map(([name, value]) => [name, [value].flat()])),
    audio,
    task: 'transcribe',
  });

describe('a form', () => {
  it('knows no field by a name that every object has', () => {
    expect(decode({ constructor: 'x' }).ignored).toEqual(['constructor']);
  });

  it('needs no more than a model', () => {
    expect(decode({})).toEqual({
      request: { model: 'whisper-1', audio, task: 'transcribe', detail: 'text' },
      format: 'json',
      isStreamed: false,
      ignored: [],
    });
  });

  it.each(['timestamp_granularities[]', 'timestamp_granularities'])(
    'names its lists with brackets or without: %s',
    (name) => {
      const { request } = decode({ response_format: 'verbose_json', [name]: ['word', 'segment'] });
      expect(request.granularities).toEqual(['word', 'segment']);
      expect(encodeTranscription(request, { model: 'real', isStreamed: false })).toEqual([
        ['model', 'real'],
        ['response_format', 'verbose_json'],
        ['timestamp_granularities[]', 'word'],
        ['timestamp_granularities[]', 'segment'],
      ]);
    },
  );

  it('hands on what only the vendor knows, and says so', () => {
    const { request, ignored } = decode({
      'known_speaker_names[]': ['a', 'b'],
      temperature: '0.5',
      chunking_strategy: '{"type":"server_vad"}',
      'include[]': 'logprobs',
      stream: 'true',
      language: 'cs',
      prompt: 'names',
    });
    expect(ignored).toEqual(['known_speaker_names[]']);
    expect(encodeTranscription(request, { model: 'real', isStreamed: true })).toEqual([
      ['model', 'real'],
      ['response_format', 'json'],
      ['language', 'cs'],
      ['prompt', 'names'],
      ['temperature', '0.5'],
      ['chunking_strategy', '{"type":"server_vad"}'],
      ['stream', 'true'],
      ['include[]', 'logprobs'],
      ['known_speaker_names[]', 'a'],
      ['known_speaker_names[]', 'b'],
    ]);
  });

  it.each([
    ['model', { model: '' }],
    ['response_format', { response_format: 'doc' }],
    ['temperature', { temperature: 'hot' }],
    ['temperature', { temperature: '3' }],
    ['stream', { stream: 'maybe' }],
    ['stream', { stream: 'true', response_format: 'srt' }],
    ['timestamp_granularities', { 'timestamp_granularities[]': 'word' }],
    ['timestamp_granularities[0]', { 'timestamp_granularities[]': 'letter', response_format: 'verbose_json' }],
    ['chunking_strategy', { chunking_strategy: '{' }],
  ])('that is wrong in %s is told by its name', (param, wrong) => {
    expect(() => decode(wrong)).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param }) as unknown }),
    );
  });
});

const VERBOSE = {
  task: 'transcribe',
  language: 'english',
  duration: 3661.5,
  text: ' Hello there',
  segments: [
    { id: 0, seek: 0, start: 0, end: 1.25, text: ' Hello', temperature: 0 },
    { id: 1, seek: 0, start: 1.25, end: 3661.5, text: ' there', temperature: 0 },
  ],
};

describe('an answer', () => {
  const parts: Part[] = decodeTranscript(VERBOSE);
  const [first] = parts;
  const transcript = first?.type === 'transcript' ? first.transcript : { text: '' };

  it('is told again as it came', () => {
    const told = encodeTranscript(parts, { detail: 'timed', task: 'transcribe' });
    expect(JSON.parse(JSON.stringify(told))).toEqual({ ...VERBOSE, usage: { type: 'duration', seconds: 3662 } });
  });

  it('as text, SubRip and WebVTT', () => {
    expect(encodeText(transcript)).toBe(' Hello there\n');
    expect(encodeSrt(transcript)).toBe(
      '1\n00:00:00,000 --> 00:00:01,250\nHello\n\n2\n00:00:01,250 --> 01:01:01,500\nthere\n\n',
    );
    expect(encodeVtt(transcript)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nHello\n\n00:00:01.250 --> 01:01:01.500\nthere\n\n',
    );
  });

  it('in tokens where they were counted', () => {
    const usage = { type: 'tokens', input_tokens: 3, output_tokens: 1, total_tokens: 4 };
    const told = encodeTranscript(decodeTranscript({ text: 'a', usage }), { detail: 'text', task: 'transcribe' });
    expect(JSON.parse(JSON.stringify(told))).toEqual({ text: 'a', usage });
  });

  it('that is none is a bad answer', () => {
    expect(() => decodeTranscript({ txt: 'a' })).toThrow(expect.objectContaining({ code: 'upstream_bad_answer' }));
  });

  it('that came whole is a delta, too, to those who stream', () => {
    const encoder = createTranscriptEncoder({ requestId: 'r' });
    const whole: Part[] = [...decodeTranscript({ text: 'a b' }), { type: 'succeeded' }];
    expect(whole.map((part) => encoder.encode(part)).join('')).toBe(
      'event: transcript.text.delta\ndata: {"type":"transcript.text.delta","delta":"a b"}\n\n' +
        'event: transcript.text.done\ndata: {"type":"transcript.text.done","text":"a b"}\n\n',
    );
  });
});
