import type { ChatPart } from '@sluice/contracts/chat-part';
import { expect, it } from 'vitest';
import { ToolCallReader } from './tool-call-reader.js';

it('counts calls in the order in which they began, also where an earlier one gets its name later', () => {
  const reader = new ToolCallReader(0, (_, index) => `made_${index}`);
  const parts: ChatPart[] = [];
  reader.read([{ index: 0, function: { arguments: '{"a":' } }], parts);
  reader.read([{ index: 1, id: 'c1', function: { name: 'g', arguments: '{}' } }], parts);
  reader.read([{ index: 0, function: { name: 'f', arguments: '1}' } }], parts);
  expect(parts).toEqual([
    { type: 'tool-input-start', choice: 0, index: 0, id: 'c1', name: 'g' },
    { type: 'tool-input-delta', choice: 0, index: 0, delta: '{}' },
    { type: 'tool-input-start', choice: 0, index: 1, id: 'made_1', name: 'f' },
    { type: 'tool-input-delta', choice: 0, index: 1, delta: '{"a":1}' },
  ]);
});
