import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { expect, it } from 'vitest';
import { enhanceEndpoint } from './enhance.endpoint.js';
import { enhancePrompts } from './enhance-prompts.js';

const CONTEXT = {} as never;
const call = (body: object) => enhanceEndpoint(body, CONTEXT) as DecodedCall;
const chatOf = ({ input }: DecodedCall) => (input.kind === 'chat' ? input.request : undefined);

it.each([
  [{}, 'prompt-enhance-medium-10s'],
  [{ expansion_level: 'long', duration: 15 }, 'prompt-enhance-long-15s'],
  [{ expansion_level: 'short', duration_s: 20 }, 'prompt-enhance-short-20s'],
  [{ duration: '15' }, 'prompt-enhance-medium-15s'],
])('%j asks for %s', (fields, model) => {
  const made = call({ prompt: ' a cat ', ...fields });
  expect(chatOf(made)).toEqual({ model, messages: [{ role: 'user', content: [{ type: 'text', text: 'a cat' }] }] });
  const parts = ['A ', 'cat.\n'].map((text) => ({ type: 'text-delta' as const, choice: 0, text }));
  const context = { generationId: 'gen_1', createdAtMs: 0, model };
  expect(made.encodeWhole(parts, context)).toEqual({ original_prompt: 'a cat', enhanced_prompt: 'A cat.' });
});

it.each([
  [{}, 'prompt'],
  [{ prompt: 'a cat', expansion_level: 'huge' }, 'expansion_level'],
  [{ prompt: 'a cat', duration: 11 }, 'duration'],
])('%j is refused by the name of its field', (body, param) => {
  expect(() => call(body)).toThrow(expect.objectContaining({ data: expect.objectContaining({ param }) }));
});

it('any model that talks is told what to do with the last words, and nothing else of the conversation', () => {
  const asked = call({ prompt: 'a cat', expansion_level: 'short', duration: 15 });
  const told = enhancePrompts(asked, CONTEXT) as DecodedCall;
  expect(chatOf(told)?.messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: expect.stringMatching(/15 seconds[^]*one or two sentences/) }] },
    { role: 'user', content: [{ type: 'text', text: 'a cat' }] },
  ]);
  expect(told.input).not.toHaveProperty('native');
  const chat: DecodedCall = { ...asked, input: { kind: 'chat', request: { model: 'gpt-5', messages: [] } } };
  expect(enhancePrompts(chat, CONTEXT)).toBe(chat);
});
