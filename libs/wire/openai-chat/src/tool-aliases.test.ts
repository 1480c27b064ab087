import type { ChatRequest } from '@sluice/contracts/chat';
import { expect, it } from 'vitest';
import { aliasTools } from './tool-aliases.js';

const LONG = `mcp__server__${'a'.repeat(80)}`;
const request: ChatRequest = {
  model: 'm',
  tools: [
    { type: 'function', name: LONG },
    { type: 'function', name: `${LONG}b` },
    { type: 'function', name: 'a.b' },
    { type: 'function', name: 'fine' },
  ],
  toolChoice: { type: 'tool', name: LONG },
  messages: [
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: LONG, input: '{}' }] },
    { role: 'tool', toolCallId: 'c', name: LONG, content: [] },
  ],
};

it('gives names that vendors refuse others, everywhere the same, and takes them back', () => {
  const { request: aliased, restore } = aliasTools(request);
  const names = (aliased.tools ?? []).map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(names[3]).toBe('fine');
  expect(aliased.toolChoice).toEqual({ type: 'tool', name: names[0] });
  expect(aliased.messages).toMatchObject([{ content: [{ name: names[0] }] }, { name: names[0] }]);
  for (const [index, name] of names.entries()) {
    const part = restore({ type: 'tool-input-start', choice: 0, index, id: 'c', name });
    expect(part).toHaveProperty('name', request.tools?.[index]?.name);
  }
});

it('leaves a request alone whose names are fine', () => {
  const fine: ChatRequest = { model: 'm', messages: [], tools: [{ type: 'function', name: 'f' }] };
  expect(aliasTools(fine).request).toBe(fine);
});
