import type { ChatPart } from '@sluice/contracts/chat-part';
import assert from 'node:assert/strict';

/** What `ChatPart` promises of the order of a whole answer: throws where it is broken. */
export function assertChatOrder(parts: readonly ChatPart[]): void {
  const finished = new Set<number>();
  const begun = new Set<number>();
  const calls = new Map<number, number>();
  parts.forEach((part, position) => {
    if (part.type === 'start') return assert.equal(position, 0, 'a start that is not first');
    if (part.type === 'usage') return assertUsage(part.usage);
    const { choice } = part;
    begun.add(choice);
    assert.ok(!finished.has(choice), `a ${part.type} after the finish of choice ${choice}`);
    if (part.type === 'finish') finished.add(choice);
    const known = calls.get(choice) ?? 0;
    if (part.type === 'tool-input-start') {
      assert.equal(part.index, known, 'calls are counted from 0, without gaps');
      assert.notEqual(part.id, '', 'a call without an id');
      assert.notEqual(part.name, '', 'a call without a name');
      calls.set(choice, known + 1);
    }
    if (part.type === 'tool-input-delta') assert.ok(part.index < known, "a call's input before its start");
  });
  assert.ok(begun.size > 0, 'no choice at all');
  assert.deepEqual(finished, begun, 'each choice has exactly one finish');
  const usages = parts.filter(({ type }) => type === 'usage');
  if (usages.length > 0) assert.equal(parts.at(-1)?.type, 'usage', 'usage comes last');
}

function assertUsage(usage: Extract<ChatPart, { type: 'usage' }>['usage']): void {
  for (const [name, count] of Object.entries(usage))
    assert.ok(Number.isInteger(count) && count >= 0, `${name} is no count`);
}
