import { describe, expect, it } from 'vitest';
import { findFlaws } from '../cases/clean-stream.js';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();

describe('the bytes of a streamed chat', () => {
  it('come in order: role, text, finish, [DONE]', async () => {
    const { frames, chunks } = await sluice.stream('one two');
    const deltas = chunks.map(({ choices }) => choices[0]?.delta);
    expect(deltas[0]).toMatchObject({ role: 'assistant', content: '' });
    expect(deltas.slice(1, -1).map((delta) => delta?.content)).toEqual(['Simulated', ' reply', ' to:', ' one', ' two']);
    expect(deltas.at(-1)).toEqual({});
    expect(frames.at(-1)?.text).toBe('data: [DONE]');
  });

  it('carry usage in one chunk of its own, when it was asked for', async () => {
    const stream = await sluice.stream('one two', { stream_options: { include_usage: true } });
    expect(findFlaws(stream, { isUsageAsked: true })).toEqual([]);
    expect(stream.chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 },
    });
  });

  it('carry no usage when it was not asked for, though the upstream was asked', async () => {
    const stream = await sluice.stream('one two [[sim:echo-request]]');
    expect(findFlaws(stream, { isUsageAsked: false })).toEqual([]);
    expect(JSON.parse(stream.text)).toMatchObject({ stream_options: { include_usage: true } });
  });

  it('keep the choices of n apart', async () => {
    const stream = await sluice.stream('one', { n: 3 });
    expect(findFlaws(stream, { isUsageAsked: false })).toEqual([]);
    const texts = [0, 1, 2].map((index) =>
      stream.chunks
        .flatMap(({ choices }) =>
          choices.filter((choice) => choice.index === index).map(({ delta }) => delta.content ?? ''),
        )
        .join(''),
    );
    expect(texts).toEqual(['Simulated reply to: one', 'Simulated reply 2 to: one', 'Simulated reply 3 to: one']);
  });

  it('say what ran, and let no proxy gather or keep them', async () => {
    const { headers } = await sluice.stream('one');
    expect(headers).toMatchObject({
      'x-request-id': expect.stringMatching(/^req_/) as string,
      'x-sluice-generation': expect.stringMatching(/^gen_/) as string,
      'x-sluice-upstream': 'openai',
      'x-sluice-model': 'sim-chat',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    });
    expect(headers['cache-control']).toContain('no-cache');
  });

  it('come one by one, as the upstream makes them', async () => {
    const { frames } = await sluice.stream('slowly [[sim:chunks=6,chunk-delay-ms=120]]');
    const times = frames.filter(({ data }) => data !== undefined).map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.filter((gap) => gap > 60).length).toBeGreaterThanOrEqual(5);
  });
});
