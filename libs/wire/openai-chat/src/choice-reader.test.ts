import type { ChatPart } from '@sluice/contracts/chat-part';
import { expect, it } from 'vitest';
import { ChoiceReader } from './choice-reader.js';

it.each([
  ['END', 'stop', 'END'],
  ['END', 'length', undefined],
  [7, 'stop', undefined],
])('a vendor that tells the stop sequence %j with %s', (told, reason, expected) => {
  const reader = new ChoiceReader(0, () => 'id');
  const parts: ChatPart[] = [];
  reader.read({ delta: { content: 'a' }, finish_reason: reason, stop_reason: told }, parts);
  reader.end(parts);
  const finish = parts.at(-1);
  expect(finish?.type === 'finish' && finish.stopSequence).toBe(expected);
});
