import type { ChatRequest, Tool } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { describe, expect, it } from 'vitest';
import { toWebMessage } from './web.message.js';
import { ToolReader } from './web.tool-reader.js';

const tools: Tool[] = [
  { type: 'function', name: 'weather', inputSchema: { type: 'object' } },
  { type: 'custom', name: 'shell' },
];

function read(pieces: string[], isSingle = false) {
  const reader = new ToolReader({ tools, callIdSeed: 's', isSingle });
  const parts = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  return { text, calls: parts.filter((part) => part.type !== 'text-delta') };
}

const call = (index: number, name: string, delta: string): ChatPart[] => [
  { type: 'tool-input-start', choice: 0, index, id: `call_s${index}`, name },
  { type: 'tool-input-delta', choice: 0, index, delta },
];
const WRITTEN = 'Let me see. <tool_call>{"name":"weather","arguments":{"city":"Rome"}}</tool_call>';

describe('calls that are written into a text', () => {
  it.each([1, 2, 5, 11, 100])('are found in pieces of %i', (length) => {
    const pieces = WRITTEN.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];
    expect(read(pieces)).toEqual({ text: 'Let me see. ', calls: call(0, 'weather', '{"city":"Rome"}') });
  });

  it('are told one after the other, with free text where the tool takes that', () => {
    const { calls } = read([`${WRITTEN}\n<tool_call>{"name":"shell","arguments":{"input":"ls"}}</tool_call>`]);
    const [start, delta] = call(1, 'shell', 'ls');
    expect(calls).toEqual([...call(0, 'weather', '{"city":"Rome"}'), { ...start, custom: true }, delta]);
    expect(read([WRITTEN + WRITTEN], true).calls).toHaveLength(2);
  });

  it('are text where they name no tool, are no JSON, or only begin', () => {
    for (const text of ['a <tool_call>{"name":"rm"}</tool_call>', '<tool_call>no</tool_call> b', 'x <tool_c', '1 < 2'])
      expect(read(Array.from(text))).toEqual({ text, calls: [] });
  });

  it('count without the end that some answers forget', () => {
    expect(read(['<tool_call>{"name":"weather"}']).calls).toEqual(call(0, 'weather', '{}'));
  });
});

describe('the message', () => {
  const request: ChatRequest = {
    model: 'm',
    tools,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Rome?' }] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'weather', input: '{"city":"Rome"}' }] },
      { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'sunny' }] },
    ],
  };

  it('tells of the tools, of the calls and of their results', () => {
    const { text } = toWebMessage(request);
    expect(text).toContain('{"name":"weather","parameters":{"type":"object"}}');
    expect(text).toContain('assistant: <tool_call>{"name":"weather","arguments":{"city":"Rome"}}</tool_call>');
    expect(text).toContain('tool: <tool_result id="c">sunny</tool_result>');
  });

  it('offers what may be called alone', () => {
    expect(toWebMessage({ ...request, toolChoice: { type: 'none' } }).text).not.toContain('You can call');
    const { text } = toWebMessage({ ...request, toolChoice: { type: 'tool', name: 'shell' } });
    expect(text).toContain('Call shell now.');
    expect(text).not.toContain('{"name":"weather","parameters"');
  });
});
