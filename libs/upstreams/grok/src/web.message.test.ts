import type { ChatRequest, Tool } from '@sluice/contracts/chat';
import { describe, expect, it } from 'vitest';
import { toWebMessage } from './web.message.js';

const tools: Tool[] = [
  { type: 'function', name: 'weather', inputSchema: { type: 'object' } },
  { type: 'custom', name: 'shell' },
];

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
