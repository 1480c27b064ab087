import type { ChatRequest, Tool } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { describe, expect, it } from 'vitest';
import { SpokenToolReader } from './spoken-tool-reader.js';
import { speakTools } from './spoken-tools.js';

const tools: Tool[] = [
  { type: 'function', name: 'weather', inputSchema: { type: 'object' } },
  { type: 'custom', name: 'shell' },
];

function read(pieces: string[], isSingle = false) {
  const reader = new SpokenToolReader({ tools, callIdSeed: 's', isSingle });
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

const request: ChatRequest = {
  model: 'm',
  tools,
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Rome and Bern?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', id: 'a', name: 'weather', input: '{"city":"Rome"}' },
        { type: 'tool-call', id: 'b', name: 'shell', input: 'ls', custom: true },
      ],
    },
    { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: 'sunny' }] },
    { role: 'tool', toolCallId: 'b', content: [{ type: 'text', text: 'bin' }] },
  ],
};

describe('a conversation in words', () => {
  it('has no tools, and tells of them, of their calls and of their results', () => {
    const spoken = speakTools(request);
    expect(spoken).not.toHaveProperty('tools');
    expect(spoken.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    const texts = spoken.messages.map(({ content }) =>
      content.map((part) => ('text' in part ? part.text : '')).join(''),
    );
    expect(texts[0]).toContain('{"name":"weather","parameters":{"type":"object"}}');
    expect(texts[2]).toBe(
      '<tool_call>{"name":"weather","arguments":{"city":"Rome"}}</tool_call>' +
        '<tool_call>{"name":"shell","arguments":{"input":"ls"}}</tool_call>',
    );
    expect(texts[3]).toBe('<tool_result id="a">sunny</tool_result><tool_result id="b">bin</tool_result>');
  });

  it('is as it was where there are none', () => {
    const messages: ChatRequest['messages'] = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
    expect(speakTools({ model: 'm', messages })).toEqual({ model: 'm', messages });
  });
});
