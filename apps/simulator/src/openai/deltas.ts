import type { Fault } from '../faults/fault.js';
import { renderToolCall } from './render-completion.js';
import type { ToolCall } from './choose-tool-calls.js';
import type { PlannedChoice } from './plan-reply.js';

export interface Delta {
  readonly fields: Record<string, unknown>;
  /** The text token it carries, for log probabilities. */
  readonly token?: string;
}

/** What one choice sends before its finish, in order: role, reasoning, text, tool calls. */
export function deltasOf(choice: PlannedChoice, fault: Fault | undefined): Delta[] {
  const deltas: Delta[] = [];
  if (!fault?.missingRole)
    deltas.push({ fields: { role: 'assistant', content: choice.toolCalls.length > 0 ? null : '' } });
  for (const thought of choice.reasoning) deltas.push({ fields: { reasoning_content: thought } });
  for (const token of choice.pieces) deltas.push({ fields: { content: token }, token });
  const calls = choice.toolCalls.map(toolCallDeltas);
  for (const fields of fault?.interleaveTools ? interleave(calls) : calls.flat()) deltas.push({ fields });
  return deltas;
}

/** Takes one item of each list in turn until all are used. */
export function interleave<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, position) =>
    lists.flatMap((list) => list.slice(position, position + 1)),
  ).flat();
}

/** The first delta names the call; the following ones carry only its index and a piece of its input. */
function toolCallDeltas(call: ToolCall, index: number): Record<string, unknown>[] {
  const opening = { index, ...renderToolCall({ ...call, input: '' }) };
  const pieces = splitInput(call.input).map((piece) => ({
    index,
    ...(call.type === 'custom' ? { custom: { input: piece } } : { function: { arguments: piece } }),
  }));
  return [opening, ...pieces].map((delta) => ({ tool_calls: [delta] }));
}

const inputPieceCharacters = 12;

function splitInput(input: string): string[] {
  const characters = Array.from(input);
  // Short arguments are cut too: a client that takes the first piece for the whole must fail.
  const length = Math.max(1, Math.min(inputPieceCharacters, Math.ceil(characters.length / 2)));
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, index) =>
    characters.slice(index * length, (index + 1) * length).join(''),
  );
}
