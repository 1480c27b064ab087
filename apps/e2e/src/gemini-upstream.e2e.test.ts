import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';

const { gateway, apiKey } = sharedSluice().run;
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });

/** Its calls are signed, and refused where the signature does not come back. */
const MODEL = 'sim-gemini-3.5-flash';
const OLDER_MODEL = 'sim-gemini-2.5-flash';
const PIXEL = Buffer.alloc(68, 1).toString('base64');
const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };

/** A signature of the text may stand beside it. */
function textOf(content: readonly Anthropic.ContentBlock[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

/** As the simulator signs the first call of each step. */
const SIGNATURE = Buffer.from('sim-signature:weather').toString('base64');

/** What the model was given back of its own, as an echo tells. */
function signaturesIn(echo: string | null | undefined): string[] {
  return [...(echo ?? '').matchAll(/"thoughtSignature":"([^"]*)"/g)].map(([, signature = '']) => signature);
}

describe('with the OpenAI SDK', () => {
  const tools: OpenAI.ChatCompletionTool[] = ['weather', 'time'].map((name) => ({
    type: 'function',
    function: { name, parameters: PARAMETERS },
  }));

  it('a completion is answered, thoughts counted in its tokens', async () => {
    const { choices, usage } = await openai.chat.completions.create({
      model: MODEL,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello there' },
      ],
    });
    expect(choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'Simulated reply to: hello there' },
      finish_reason: 'stop',
    });
    expect(usage).toMatchObject({
      prompt_tokens: 2,
      completion_tokens: 15,
      total_tokens: 17,
      completion_tokens_details: { reasoning_tokens: 10 },
    });
  });

  it('a stream says the same, and ends once', async () => {
    const run = openai.chat.completions.stream({
      model: MODEL,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'hello there' }],
    });
    const ends: string[] = [];
    for await (const { choices } of run) for (const { finish_reason: end } of choices) if (end) ends.push(end);
    const { choices, usage } = await run.finalChatCompletion();
    expect(ends).toEqual(['stop']);
    expect(choices[0]?.message.content).toBe('Simulated reply to: hello there');
    expect(usage?.total_tokens).toBe(17);
  });

  it.each([MODEL, OLDER_MODEL])('an agent calls and answers through ten turns: %s', async (model) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [];
    for (let turn = 1; turn <= 10; turn += 1) {
      messages.push({ role: 'user', content: `turn ${turn} [[sim:tools=2]]` });
      const asked = await openai.chat.completions.stream({ model, tools, messages }).finalChatCompletion();
      const [choice] = asked.choices;
      expect(choice?.finish_reason).toBe('tool_calls');
      const calls = choice?.message.tool_calls ?? [];
      expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual(['weather', 'time']);
      messages.push(choice?.message ?? { role: 'assistant', content: '' });
      for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: `snow ${turn}` });
      const answered = await openai.chat.completions.create({ model, tools, messages });
      expect(answered.choices[0]?.message.content).toContain(`snow ${turn}`);
      messages.push({ role: 'assistant', content: answered.choices[0]?.message.content ?? '' });
    }
    messages.push({ role: 'user', content: '[[sim:echo-request]]' });
    const { choices } = await openai.chat.completions.create({ model, tools, messages });
    expect(signaturesIn(choices[0]?.message.content)).toEqual(
      model === MODEL ? Array.from({ length: 10 }, () => SIGNATURE) : [],
    );
  });

  it('a JSON schema is kept to, also with words that Google refuses', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string', minLength: 1, pattern: '.' }, kind: { const: 'a' } },
      required: ['name', 'kind'],
      additionalProperties: false,
    };
    const { choices } = await openai.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'x' }],
      response_format: { type: 'json_schema', json_schema: { name: 'thing', schema, strict: true } },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ name: 'simulated name', kind: 'a' });
  });

  it('an image goes in', async () => {
    const content: OpenAI.ChatCompletionContentPart[] = [
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
    ];
    const { choices } = await openai.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
    expect(choices[0]?.message.content).toBe('Simulated reply to: what is it? [image image/png 68 bytes]');
  });

  it.each([MODEL, OLDER_MODEL])('an effort is asked for in the way of the model: %s', async (model) => {
    const { choices } = await openai.chat.completions.create({
      model,
      reasoning_effort: 'low',
      messages: [{ role: 'user', content: '[[sim:echo-request]]' }],
    });
    const { generationConfig } = JSON.parse(choices[0]?.message.content ?? '') as {
      generationConfig: { thinkingConfig: unknown };
    };
    expect(generationConfig.thinkingConfig).toMatchObject(
      model === MODEL ? { thinkingLevel: 'LOW' } : { thinkingBudget: 1_024 },
    );
  });

  it('embeddings, one and several', async () => {
    const model = 'sim-gemini-embedding';
    const single = await openai.embeddings.create({ model, input: 'a', dimensions: 16 });
    expect(single.data.map(({ embedding }) => embedding.length)).toEqual([16]);
    const several = await openai.embeddings.create({ model, input: ['a', 'b'], dimensions: 16 });
    expect(several.data[0]?.embedding).toEqual(single.data[0]?.embedding);
    expect(several.data[1]?.embedding).not.toEqual(single.data[0]?.embedding);
    expect(several.usage.prompt_tokens).toBe(2);
  });

  it("Google's refusal of a request names its field", async () => {
    const asked = openai.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'x' }],
      stop: ['1', '2', '3', '4', '5', '6'],
    });
    await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('stop') });
  });
});

describe('with the Anthropic SDK', () => {
  const tools: Anthropic.Tool[] = ['weather', 'time'].map((name) => ({ name, input_schema: PARAMETERS }));

  it('a message is answered, plain and streamed', async () => {
    const body = { model: MODEL, max_tokens: 1_000, messages: [{ role: 'user' as const, content: 'hello there' }] };
    const plain = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    for (const { content, stop_reason: reason, usage } of [plain, streamed]) {
      expect(textOf(content)).toBe('Simulated reply to: hello there');
      expect(reason).toBe('end_turn');
      expect(usage).toMatchObject({ input_tokens: 2, output_tokens: 15 });
    }
  });

  it('an agent thinks, calls and answers through ten turns', async () => {
    const messages: Anthropic.MessageParam[] = [];
    const body = {
      model: MODEL,
      max_tokens: 4_000,
      thinking: { type: 'enabled' as const, budget_tokens: 2_000 },
      tools,
    };
    for (let turn = 1; turn <= 10; turn += 1) {
      messages.push({ role: 'user', content: `turn ${turn}` });
      const asked = await anthropic.messages.stream({ ...body, messages }).finalMessage();
      expect(asked.stop_reason).toBe('tool_use');
      expect(asked.content[0]).toMatchObject({ type: 'thinking', thinking: expect.stringContaining('Thinking') });
      const calls = asked.content.filter((block) => block.type === 'tool_use');
      const results = calls.map(({ id }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: `snow ${turn}`,
      }));
      messages.push({ role: 'assistant', content: asked.content }, { role: 'user', content: results });
      const answered = await anthropic.messages.stream({ ...body, messages }).finalMessage();
      expect(textOf(answered.content)).toContain(`snow ${turn}`);
      messages.push({ role: 'assistant', content: answered.content });
    }
    messages.push({ role: 'user', content: '[[sim:echo-request]]' });
    const { content } = await anthropic.messages.create({ ...body, messages });
    const signatures = signaturesIn(textOf(content));
    expect(signatures.filter((signature) => signature === SIGNATURE)).toHaveLength(10);
    expect(signatures).not.toContain('skip_thought_signature_validator');
  });

  it('an image goes in', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL };
    const { content } = await anthropic.messages.create({
      model: MODEL,
      max_tokens: 1_000,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what is it?' },
            { type: 'image', source },
          ],
        },
      ],
    });
    expect(textOf(content)).toBe('Simulated reply to: what is it? [image image/png 68 bytes]');
  });
});
