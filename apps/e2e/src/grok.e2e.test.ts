import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { QUICK, readSubmissions, untilEnded } from './scenarios/durable-videos.js';
import { createSession, KEY_MODELS, WEB_MODELS } from './scenarios/grok.js';
import { drawPng, isPicture } from './scenarios/images.js';
import { fetchLinked, playChat } from './scenarios/media-chat.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const sdk = sluice.openai;

beforeAll(async () => {
  await createSession(sluice, { settings: { plan: 'super' }, word: 'super' });
});

const KINDS = [
  ['an official key', KEY_MODELS],
  ['a session', WEB_MODELS],
] as const;

const TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

describe.each(KINDS)('with %s', (_kind, models) => {
  const say = (content: string) => ({ model: models.chat, messages: [{ role: 'user' as const, content }] });

  it('a chat is answered, with reasoning beside it', async () => {
    const word = unique('plain');
    const answer = await sdk.chat.completions.create(say(word));
    const message = answer.choices[0]?.message as { content: string; reasoning_content?: string };
    expect(message.content).toContain(word);
    expect(message.content).not.toContain('<think>');
    expect(message.reasoning_content).toMatch(/\w/);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = answer.usage ?? {};
    expect(total).toBe((input ?? 0) + (output ?? 0));
  });

  it('a chat is streamed, and a conversation goes on', async () => {
    const word = unique('stream');
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      { role: 'user' as const, content: 'Hello' },
      { role: 'assistant' as const, content: 'Hello yourself' },
      { role: 'user' as const, content: word },
    ];
    let text = '';
    const stream = await sdk.chat.completions.create({ model: models.chat, messages, stream: true });
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    expect(text).toContain(word);
  });

  it('a tool is called and its result is taken', async () => {
    const call = { ...say(`${unique('tool')} [[sim:tools=1]]`), tools: [TOOL] };
    const whole = await sdk.chat.completions.create(call);
    const [choice] = whole.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const [asked] = choice?.message.tool_calls ?? [];
    expect(asked).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    expect(JSON.parse(asked?.type === 'function' ? asked.function.arguments : '')).toBeTypeOf('object');
    const streamed = await sdk.chat.completions.stream(call).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'get_weather' } }]);
    const word = unique('result');
    const result = { role: 'tool' as const, tool_call_id: asked?.id ?? '', content: word };
    const messages = [...call.messages, choice?.message ?? { role: 'assistant' as const, content: '' }, result];
    const next = await sdk.chat.completions.create({ ...call, messages });
    expect(next.choices[0]).toMatchObject({ finish_reason: 'stop' });
  });

  it('the anthropic SDK chats', async () => {
    const anthropic = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });
    const word = unique('anthropic');
    const body = { model: models.chat, max_tokens: 500, messages: [{ role: 'user' as const, content: word }] };
    const whole = await anthropic.messages.create(body);
    expect(JSON.stringify(whole.content)).toContain(word);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'end_turn' });
    expect(JSON.stringify(streamed.content)).toContain(word);
  });

  it('pictures are made and edited', async () => {
    const { data } = await sdk.images.generate({ model: models.image, prompt: 'a cat', n: 2 });
    expect(data).toHaveLength(2);
    for (const { url = '' } of data ?? []) {
      const answer = await fetch(url);
      expect(isPicture(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    }
    const image = await toFile(drawPng(), 'cat.png', { type: 'image/png' });
    const edited = await sdk.images.edit({
      model: models.edit,
      prompt: 'as a dog',
      image,
      response_format: 'b64_json',
    });
    expect(isPicture(Buffer.from(edited.data?.[0]?.b64_json ?? '', 'base64'))).toBe(true);
    const streamed: string[] = [];
    const stream = await sdk.images.generate({ model: models.image, prompt: 'a cow', stream: true });
    for await (const { type } of stream) streamed.push(type);
    expect(streamed.at(-1)).toBe('image_generation.completed');
  });

  it('a video is made, of words and of a picture', async () => {
    const made = await sdk.videos.create({
      model: models.video as never,
      prompt: `a cat ${QUICK}`,
      seconds: '6' as never,
    });
    const picture = await toFile(drawPng(), 'cat.png', { type: 'image/png' });
    const drawn = await sdk.videos.create({
      model: models.video as never,
      prompt: `it runs ${QUICK}`,
      input_reference: picture,
    });
    for (const { id } of [made, drawn]) {
      const ended = await untilEnded(sdk, id);
      expect(ended).toMatchObject({ status: 'completed' });
      const content = await sdk.videos.downloadContent(id);
      expect(content.headers.get('content-type')).toBe('video/mp4');
    }
  });
});

it('a chat with a model of videos takes the words of Grok2API’s clients', async () => {
  const word = unique('film');
  const seen = await playChat(sdk, `${word} ${QUICK}`, {
    model: WEB_MODELS.video,
    isStreamed: true,
    fields: { video_config: { aspect_ratio: '16:9', video_length: 6, resolution: 'HD', preset: 'fun' } },
  });
  expect(await fetchLinked(seen.content, 'video')).toContain('not empty');
  expect(seen.reasoning).toMatch(/Progress\*\*: \d+%/);
  const prompts = [...(await readSubmissions(sluice.run.simulator ?? '', word)).keys()];
  expect(prompts).toEqual([expect.stringContaining('--mode=extremely-crazy')]);
  const wrong = playChat(sdk, word, {
    model: WEB_MODELS.video,
    isStreamed: false,
    fields: { video_config: { preset: 'other' } },
  });
  await expect(wrong).rejects.toMatchObject({ status: 400, param: 'preset' });
});

it('a chat with a model of pictures shows them, and says how they are made', async () => {
  const seen = await playChat(sdk, 'a cat', {
    model: WEB_MODELS.image,
    isStreamed: false,
    fields: { image_config: { n: 2, aspect_ratio: '16:9' } },
  });
  expect(seen.content.match(/!\[Generated Image\]\(http/g)).toHaveLength(2);
  const method = await sluice.call('/v1/images/method');
  expect(method.json()).toMatchObject({ image_generation_method: expect.any(String) as string });
});

it('the models of the website are listed where there is an account that has them', async () => {
  const listed = new Set<string>();
  for await (const { id } of sdk.models.list()) listed.add(id);
  for (const model of [...Object.values(WEB_MODELS), 'grok-4-heavy', 'grok-4.20-beta']) expect(listed).toContain(model);
  const model = unique('grok-tomorrow');
  await createSession(sluice, { models: [model] });
  const answer = await sdk.chat.completions.create({ model, messages: [{ role: 'user', content: model }] });
  expect(answer.choices[0]?.message.content).toContain(model);
  expect((await sluice.simulator.requests({ model })).counts.received).toBe(1);
});

it('search of the official API brings its sources', async () => {
  const call = (fields: object) =>
    sdk.chat.completions.create({
      model: KEY_MODELS.chat,
      messages: [{ role: 'user', content: unique('search') }],
      ...fields,
    });
  for (const fields of [{ web_search_options: {} }, { search_parameters: { mode: 'on' } }]) {
    const answer = await call(fields);
    expect(answer.choices[0]?.message.content).toContain('Searched');
    expect(JSON.stringify(answer.choices[0]?.message)).toContain('https://example.com/found');
  }
  await expect(call({ search_parameters: { mode: 'on', sources: [{ type: 'rss' }] } })).rejects.toBeInstanceOf(
    OpenAI.BadRequestError,
  );
});
