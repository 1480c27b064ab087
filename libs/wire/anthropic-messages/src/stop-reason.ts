import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import type { AnswerBlocks } from './answer-blocks.js';

export type Finish = Extract<ChatPart, { type: 'finish' }>;

/**
 * How the answer ended. Clients run calls only where the reason says so, whatever the upstream said; one that was cut
 * off inside a call must not be run.
 */
export function encodeStop(
  finish: Finish | undefined,
  { blocks, stopSequences = [] }: { blocks: AnswerBlocks; stopSequences?: readonly string[] | undefined },
): JsonObject {
  const reason = finish?.reason ?? 'stop';
  const isWhole = reason === 'stop' || reason === 'tool-calls' || !blocks.hasBrokenTool;
  if (blocks.hasTools && isWhole) return stop('tool_use');
  if (reason === 'content-filter' || (reason !== 'length' && blocks.isRefused)) {
    return { ...stop('refusal'), stop_details: { type: 'refusal', category: null, explanation: null } };
  }
  if (reason === 'length') return stop('max_tokens');
  const met = finish?.stopSequence;
  if (met === undefined || !stopSequences.includes(met)) return stop('end_turn');
  return { ...stop('stop_sequence'), stop_sequence: met };
}

function stop(reason: string): JsonObject {
  return { stop_reason: reason, stop_sequence: null, stop_details: null };
}
