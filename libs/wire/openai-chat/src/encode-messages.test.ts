import type { Message } from '@sluice/contracts/chat';
import { expect, it } from 'vitest';
import { encodeMessages } from './encode-messages.js';

function encode(...messages: Message[]): unknown {
  return JSON.parse(JSON.stringify(encodeMessages(messages)));
}

it('text alone is a string, also where another dialect has cut it in pieces or marked it for its cache', () => {
  const content = [
    { type: 'text' as const, text: 'a', cacheBreakpoint: { type: 'ephemeral' } },
    { type: 'text' as const, text: 'b' },
  ];
  expect(encode({ role: 'system', content }, { role: 'assistant', content })).toEqual([
    { role: 'system', content: 'a\nb' },
    { role: 'assistant', content: 'ab' },
  ]);
});

it('a breakpoint of this dialect stays', () => {
  const cacheBreakpoint = { mode: 'explicit' };
  expect(encode({ role: 'user', content: [{ type: 'text', text: 'a', cacheBreakpoint }] })).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'a', prompt_cache_breakpoint: cacheBreakpoint }] },
  ]);
});

it('what tools returned beside text follows the last of their results', () => {
  const image = { type: 'image' as const, source: { type: 'url' as const, url: 'https://x.test/a' } };
  const results: Message[] = [
    { role: 'tool', toolCallId: 'a', isError: true, content: [{ type: 'text', text: 'broke' }, image] },
    { role: 'tool', toolCallId: 'b', content: [image] },
    { role: 'tool', toolCallId: 'c', content: [] },
  ];
  expect(encode(...results, { role: 'user', content: [{ type: 'text', text: 'next' }] })).toEqual([
    { role: 'tool', tool_call_id: 'a', content: 'Error:\nbroke' },
    { role: 'tool', tool_call_id: 'b', content: 'The result is attached.' },
    { role: 'tool', tool_call_id: 'c', content: '' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Attached to the result of a:' },
        { type: 'image_url', image_url: { url: 'https://x.test/a' } },
        { type: 'text', text: 'Attached to the result of b:' },
        { type: 'image_url', image_url: { url: 'https://x.test/a' } },
      ],
    },
    { role: 'user', content: 'next' },
  ]);
});

it('an answer of reasoning alone has text, since only calls excuse its lack', () => {
  expect(encode({ role: 'assistant', content: [{ type: 'reasoning', text: 'r' }] })).toEqual([
    { role: 'assistant', content: '', reasoning_content: 'r' },
  ]);
});
