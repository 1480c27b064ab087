import type { Tool } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { CALL_CLOSING, CALL_OPENING } from './spoken-tools.js';

const CHOICE = 0;

/** Finds the calls that the model writes into its text, wherever they are cut. What only looks like one stays text. */
export class SpokenToolReader {
  calls = 0;
  private held = '';

  constructor(private readonly options: { tools: readonly Tool[]; callIdSeed: string; isSingle: boolean }) {}

  push(piece: string): ChatPart[] {
    this.held += piece;
    const parts: ChatPart[] = [];
    for (;;) {
      const opening = this.held.indexOf(CALL_OPENING);
      if (opening < 0) break;
      const closing = this.held.indexOf(CALL_CLOSING, opening);
      if (closing < 0) return [...parts, ...this.say(opening)];
      parts.push(...this.say(opening));
      const end = this.held.indexOf(CALL_CLOSING) + CALL_CLOSING.length;
      const written = this.held.slice(0, end);
      this.held = this.held.slice(end);
      parts.push(...(this.call(written) ?? text(written)));
    }
    return [...parts, ...this.say(this.held.length - beginningAtEnd(this.held))];
  }

  /** What looked like the beginning of a call and was none; a call whose end alone is missing is one. */
  end(): ChatPart[] {
    const { held } = this;
    this.held = '';
    return (held.startsWith(CALL_OPENING) ? this.call(held + CALL_CLOSING) : undefined) ?? text(held);
  }

  private say(length: number): ChatPart[] {
    const told = this.held.slice(0, length);
    this.held = this.held.slice(length);
    // Blank lines around calls are no answer.
    return this.calls > 0 && told.trim() === '' ? [] : text(told);
  }

  private call(written: string): ChatPart[] | undefined {
    const { tools, callIdSeed, isSingle } = this.options;
    const asked = parse(written.slice(CALL_OPENING.length, -CALL_CLOSING.length));
    const tool = isJsonObject(asked) ? tools.find(({ name }) => name === asked['name']) : undefined;
    if (!isJsonObject(asked) || !tool) return undefined;
    if (isSingle && this.calls > 0) return [];
    const index = this.calls++;
    const start = {
      type: 'tool-input-start',
      choice: CHOICE,
      index,
      id: `call_${callIdSeed}${index}`,
      name: tool.name,
    } as const;
    const given = asked['arguments'] ?? {};
    const delta = tool.type === 'custom' ? freeText(given) : typeof given === 'string' ? given : JSON.stringify(given);
    return [
      tool.type === 'custom' ? { ...start, custom: true } : start,
      { type: 'tool-input-delta', choice: CHOICE, index, delta },
    ];
  }
}

function freeText(given: Json): string {
  const input = isJsonObject(given) ? given['input'] : given;
  return typeof input === 'string' ? input : JSON.stringify(given);
}

function parse(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return undefined;
  }
}

/** How much of the end may be the beginning of a call. */
function beginningAtEnd(held: string): number {
  for (let length = Math.min(held.length, CALL_OPENING.length - 1); length > 0; length -= 1)
    if (CALL_OPENING.startsWith(held.slice(-length))) return length;
  return 0;
}

function text(told: string): ChatPart[] {
  return told === '' ? [] : [{ type: 'text-delta', choice: CHOICE, text: told }];
}
