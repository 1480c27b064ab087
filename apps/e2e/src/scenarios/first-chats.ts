import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import type { RunFile } from '../harness/run-file.js';
import { chatBody, SluiceClient } from '../harness/sluice-client.js';

const IMAGE = `data:image/png;base64,${Buffer.alloc(68, 1).toString('base64')}`;

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** What a new user tries with the SDK and nothing but `run.json`: plain, streamed, with a tool, with an image. */
export async function firstChats(run: RunFile): Promise<string> {
  const { openai } = new SluiceClient(run);
  const plain = await openai.chat.completions.create(chatBody('hello'));
  assert.equal(plain.choices[0]?.message.content, 'Simulated reply to: hello');
  const texts: string[] = [];
  for await (const chunk of await openai.chat.completions.create({ ...chatBody('hello'), stream: true }))
    texts.push(chunk.choices[0]?.delta.content ?? '');
  assert.equal(texts.join(''), 'Simulated reply to: hello');
  const called = await openai.chat.completions.create({ ...chatBody('the weather?'), tools: [WEATHER] });
  assert.equal(called.choices[0]?.finish_reason, 'tool_calls');
  assert.equal(called.choices[0]?.message.tool_calls?.length, 1);
  const content: OpenAI.ChatCompletionContentPart[] = [
    { type: 'text', text: 'what is it?' },
    { type: 'image_url', image_url: { url: IMAGE } },
  ];
  const seen = await openai.chat.completions.create({ model: 'sim-vision', messages: [{ role: 'user', content }] });
  assert.match(seen.choices[0]?.message.content ?? '', /\[image image\/png 68 bytes\]/);
  return `plain, streamed (${texts.length} chunks), tool call, image in`;
}
