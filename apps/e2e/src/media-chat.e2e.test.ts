import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { readSubmissions, VIDEO_MODEL } from './scenarios/durable-videos.js';
import { fetchLinked, imageThroughChat, playChat, promptFor, videoThroughChat } from './scenarios/media-chat.js';

const sluice = sharedSluice();
const { gateway, apiKey, simulator = '' } = sluice.run;

const STYLES = ['reasoning', 'content'] as const;

it.each(STYLES)('a video is made through the openai SDK, streamed and plain, progress in %s', async (progress) => {
  const ways = [true, false].map((isStreamed) => videoThroughChat(sluice, { isStreamed, progress }));
  for (const told of await Promise.all(ways)) expect(told).toMatch(/video\/mp4, not empty/);
});

it.each(STYLES)('a picture is made through the openai SDK, streamed and plain, progress in %s', async (progress) => {
  const ways = [true, false].map((isStreamed) => imageThroughChat(sluice, { isStreamed, progress }));
  for (const told of await Promise.all(ways)) expect(told).toMatch(/image\/\w+, not empty/);
});

it('a video is made through the anthropic SDK', async () => {
  const sdk = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });
  const content = promptFor('a film as a message');
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content }];
  const stream = sdk.messages.stream({ model: VIDEO_MODEL, max_tokens: 100, messages });
  const message = await stream.finalMessage();
  expect(message.stop_reason).toBe('end_turn');
  const [thinking, text] = message.content;
  expect(thinking).toMatchObject({ type: 'thinking', thinking: expect.stringMatching(/Progress\*\*: \d+%/) });
  expect(await fetchLinked(text?.type === 'text' ? text.text : '', 'video')).toContain('not empty');
});

it('a response and an answer of Google tell a video as well', async () => {
  const input = promptFor('a film as a response');
  const response = await sluice.openai.responses.stream({ model: VIDEO_MODEL, input }).finalResponse();
  expect(await fetchLinked(response.output_text, 'video')).toContain('not empty');
  const body = { contents: [{ role: 'user', parts: [{ text: promptFor('a film for Google') }] }] };
  const path = `/v1beta/models/${VIDEO_MODEL}:generateContent`;
  const told = (await sluice.call(path, { method: 'POST', body })).json() as {
    candidates: [{ content: { parts: [{ text: string }] } }];
  };
  expect(await fetchLinked(told.candidates[0].content.parts[0].text, 'video')).toContain('not empty');
});

describe('a video through chat', () => {
  it('is listed among the videos, and made once for one key', async () => {
    const prompt = promptFor('once');
    const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': unique('key') };
    const body = { model: VIDEO_MODEL, messages: [{ role: 'user', content: prompt }] };
    const call = () => sluice.call('/v1/chat/completions', { method: 'POST', body, headers });
    const [first, second] = await Promise.all([call(), call()]);
    const [one, two] = [first, second].map(({ headers: told }) => told['x-sluice-generation']);
    expect([first.status, second.status, one]).toEqual([200, 200, two]);
    expect((await readSubmissions(simulator, prompt)).get(prompt)).toBe(1);
    const video = await sluice.openai.videos.retrieve((one ?? '').replace('gen_', 'video_'));
    expect(video).toMatchObject({ status: 'completed', progress: 100 });
  });

  it('that is refused is an error of the dialect', async () => {
    const content = `${unique('refused')} [[sim:queueMs=0,videoMs=100,moderated,videoFails]]`;
    const ask = playChat(sluice.openai, content, { model: VIDEO_MODEL, isStreamed: false });
    await expect(ask).rejects.toMatchObject({ status: 400 });
    const fields = { video_config: { video_length: 0 } };
    const wrong = playChat(sluice.openai, 'a cat', { model: VIDEO_MODEL, isStreamed: true, fields });
    await expect(wrong).rejects.toMatchObject({ status: 400, param: 'video_config.video_length' });
  });
});
