import type { ChatPart } from '@sluice/contracts/chat-part';

type ChoicePart = Extract<ChatPart, { choice: number }>;

const REASONS = ['stop', 'length', 'tool-calls', 'content-filter'];

/** Holds what an adapter yields to the order that encoders rely on; throws at the first part that breaks it. */
export function checkParts(parts: readonly ChatPart[], { isWhole }: { isWhole: boolean }): void {
  const calls = new Map<number, number>();
  const open = new Set<number>();
  const finished = new Set<number>();
  for (const part of parts) {
    if (part.type === 'usage') checkUsage(part.usage as unknown as Record<string, unknown>);
    if (!('choice' in part)) continue;
    if (!Number.isInteger(part.choice) || part.choice < 0) throw new Error(`choice ${part.choice}`);
    open.add(part.choice);
    if (finished.has(part.choice)) throw new Error(`${part.type} after the end`);
    checkTexts(part);
    checkCall(part, calls);
    if (part.type !== 'finish') continue;
    if (!REASONS.includes(part.reason)) throw new Error(`ends with ${String(part.reason)}`);
    finished.add(part.choice);
  }
  if (isWhole && finished.size < Math.max(1, open.size)) throw new Error('an alternative has no end');
}

function checkTexts(part: ChoicePart): void {
  for (const name of ['text', 'delta', 'id', 'name', 'signature', 'data', 'base64', 'mediaType', 'native']) {
    const value = (part as Record<string, unknown>)[name];
    if (value !== undefined && typeof value !== 'string' && part.type !== 'native')
      throw new Error(`${part.type} with ${name} ${JSON.stringify(value)}`);
  }
}

function checkCall(part: ChoicePart, calls: Map<number, number>): void {
  const count = calls.get(part.choice) ?? 0;
  if (part.type === 'tool-input-start') {
    if (part.index !== count) throw new Error(`call ${part.index} after ${count}`);
    if (part.id === '' || part.name === '') throw new Error('a call without id or name');
    calls.set(part.choice, count + 1);
  } else if (part.type === 'tool-input-delta' && part.index >= count) throw new Error('input of no call');
}

function checkUsage(usage: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(usage))
    if (!Number.isInteger(value) || Number(value) < 0) throw new Error(`${name} is ${String(value)}`);
}
