import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json } from '@sluice/contracts/json';
import { AnswerReader, type DecodeOptions } from './answer-reader.js';

/** The parts of an answer that came as a whole. Throws the failure it tells, also where its status was 200. */
export function decodeResponse(json: Json, options?: DecodeOptions): ChatPart[] {
  const reader = new AnswerReader(options);
  return [...reader.read(json), ...reader.end()];
}
