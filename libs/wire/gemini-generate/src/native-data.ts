import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';

/** What a `native` part of this dialect holds: one of these. */
export type NativeData =
  /** A part of the content that no other dialect has. */
  | { part: JsonObject }
  /** Fields of a candidate beside its content: grounding, safety, citations. */
  | { candidate: JsonObject }
  /** Fields of the response beside its candidates. */
  | { response: JsonObject }
  /** What follows is a new part of the content, though of the same kind. */
  | { isNextPart: true };

export function nativePart(choice: number, data: NativeData): ChatPart {
  return { type: 'native', choice, dialect: 'gemini-generate', data: data as JsonObject };
}
