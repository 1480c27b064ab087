import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const { openai } = sluice;

type Extras = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

function ask(content: OpenAI.ChatCompletionUserMessageParam['content'], extras: Extras = {}) {
  return openai.chat.completions.create({ model: 'sim-chat', messages: [{ role: 'user', content }], ...extras });
}

function stream(content: string, extras: Omit<Extras, 'stream'> = {}) {
  return openai.chat.completions.stream({ model: 'sim-chat', messages: [{ role: 'user', content }], ...extras });
}

function tool(name: string): OpenAI.ChatCompletionTool {
  return {
    type: 'function',
    function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  };
}

const IMAGE = `data:image/png;base64,${Buffer.alloc(68, 1).toString('base64')}`;

describe('with the SDK', () => {
  it('a plain chat is answered, with its usage and request id', async () => {
    const answer = await ask('hello there');
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'sim-chat',
      usage: { prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 },
    });
    expect(answer.choices).toMatchObject([
      { finish_reason: 'stop', message: { role: 'assistant', content: 'Simulated reply to: hello there' } },
    ]);
    expect(answer._request_id).toMatch(/^req_/);
  });

  it('a streamed chat is gathered by its helper', async () => {
    const { choices, usage } = await stream('hello there', {
      stream_options: { include_usage: true },
    }).finalChatCompletion();
    expect(choices[0]?.message.content).toBe('Simulated reply to: hello there');
    expect(usage?.total_tokens).toBe(7);
  });

  it.each(['', ',interleave-tools'])('parallel tool calls arrive whole, plain and streamed%s', async (markers) => {
    const extras = { tools: [tool('weather'), tool('time')] };
    const prompt = `both please [[sim:tools=3${markers}]]`;
    const [plain, streamed] = await Promise.all([ask(prompt, extras), stream(prompt, extras).finalChatCompletion()]);
    for (const { choices } of [plain, streamed]) {
      const calls = choices[0]?.message.tool_calls ?? [];
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual([
        'weather',
        'time',
        'weather',
      ]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
      for (const call of calls)
        expect(call.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
    }
  });

  it('tool results go back', async () => {
    const { choices } = await openai.chat.completions.create({
      model: 'sim-chat',
      tools: [tool('weather')],
      messages: [
        { role: 'user', content: 'weather?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'snow' },
      ],
    });
    expect(choices[0]?.message.content).toBe('Simulated reply to: weather? Tool results: call_1: "snow"');
  });

  it('an image goes in', async () => {
    const { choices } = await ask([
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url: IMAGE } },
    ]);
    expect(choices[0]?.message.content).toBe('Simulated reply to: what is it? [image image/png 68 bytes]');
  });

  it('reasoning comes beside the text, plain and streamed', async () => {
    const [plain, streamed] = await Promise.all([
      ask('why?', { model: 'sim-reasoner' }),
      sluice.stream('why?', { model: 'sim-reasoner' }),
    ]);
    expect(plain.choices[0]?.message).toHaveProperty('reasoning_content', expect.stringContaining('Thinking about'));
    expect(plain.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    const thoughts = streamed.chunks.map(({ choices }) => choices[0]?.delta['reasoning_content'] ?? '').join('');
    expect(thoughts).toContain('Thinking about the request');
    expect(streamed.text).toBe('Simulated reply to: why?');
  });

  it('n, stop, token limit and JSON formats are honoured', async () => {
    const [several, stopped, limited, json, schema] = await Promise.all([
      ask('hi', { n: 2 }),
      ask('one two three', { stop: [' two'] }),
      ask('one two three', { max_completion_tokens: 4 }),
      ask('hi', { response_format: { type: 'json_object' } }),
      ask('hi', {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'a',
            schema: { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] },
          },
        },
      }),
    ]);
    expect(several.choices.map(({ message }) => message.content)).toEqual([
      'Simulated reply to: hi',
      'Simulated reply 2 to: hi',
    ]);
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Simulated reply to: one' },
    });
    expect(limited.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: 'Simulated reply to: one' },
    });
    expect(JSON.parse(json.choices[0]?.message.content ?? '')).toEqual({ reply: 'Simulated reply to: hi' });
    expect(JSON.parse(schema.choices[0]?.message.content ?? '')).toHaveProperty('x');
  });

  it('fields that Sluice does not know reach an upstream of the same dialect, so that none is named as ignored', async () => {
    const body = {
      model: 'sim-chat',
      messages: [{ role: 'user', content: '[[sim:echo-request]]' }],
      seed: 7,
      top_k: 40,
    };
    const answer = await sluice.call('/v1/chat/completions', { body });
    expect(answer.headers).not.toHaveProperty('x-sluice-ignored-fields');
    const { choices } = answer.json() as OpenAI.ChatCompletion;
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ seed: 7, top_k: 40 });
  });

  it('the aliases under /api/v1 answer as well', async () => {
    const answer = await sluice.call('/api/v1/chat/completions', {
      body: { model: 'sim-chat', messages: [{ role: 'user', content: 'hi' }] },
    });
    expect(answer.json()).toMatchObject({ choices: [{ message: { content: 'Simulated reply to: hi' } }] });
  });

  it('a prompt of 2 MB is answered', async () => {
    const { choices, usage } = await ask(`${'word '.repeat(420_000)}[[sim:chunks=3]]`, { max_completion_tokens: 3 });
    expect(choices[0]?.message.content).toBe('Simulated reply to:');
    expect(usage?.prompt_tokens).toBeGreaterThan(400_000);
  });
});
