import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { AnswerContext } from './answer-context.js';
import { CandidateWriter, type ChoicePart } from './candidate-writer.js';
import { ResponseFields } from './response-fields.js';

/** The whole answer as one object. Throws the failure that a `failed` part carries. */
export function encodeResponse(parts: Iterable<Part>, context: AnswerContext): JsonObject {
  const fields = new ResponseFields(context);
  const candidates: Candidate[] = [];
  for (const part of parts) {
    if (part.type === 'failed') throw GatewayError.fromData(part.error);
    if (part.type === 'cancelled') throw new GatewayError('cancelled', `The generation was cancelled: ${part.reason}`);
    if (part.type === 'start' && !('mediaType' in part)) fields.add(part);
    if (part.type === 'usage') fields.add(part);
    if (!('choice' in part)) continue;
    if (part.type === 'native') fields.add(part);
    (candidates[part.choice] ??= new Candidate(context.includesThoughts)).add(part);
  }
  const blockReason = candidates.length === 1 ? candidates[0]?.writer.blockReason : undefined;
  if (blockReason !== undefined) return { promptFeedback: { blockReason }, ...fields.end() };
  if (candidates.length === 0) candidates.push(new Candidate(context.includesThoughts));
  return {
    candidates: Array.from(candidates, (candidate, index) =>
      (candidate ?? new Candidate(context.includesThoughts)).encode(index),
    ),
    ...fields.end(),
  };
}

/** One candidate, in whose content what came in pieces is put together again. */
class Candidate {
  readonly writer: CandidateWriter;
  private readonly parts: JsonObject[] = [];
  private isNextPart = false;

  constructor(includesThoughts: boolean) {
    this.writer = new CandidateWriter(includesThoughts);
  }

  add(part: ChoicePart): void {
    if (part.type === 'native' && part.data['isNextPart'] === true) this.isNextPart = true;
    for (const wire of this.writer.add(part)) {
      const last = this.parts.at(-1);
      if (last !== undefined && !this.isNextPart && isContinued(last, wire)) Object.assign(last, joined(last, wire));
      else this.parts.push({ ...wire });
      this.isNextPart = false;
    }
  }

  encode(index: number): JsonObject {
    return { content: { parts: this.parts, role: 'model' }, index, ...this.writer.end() };
  }
}

const TEXT_FIELDS = new Set(['text', 'thought', 'thoughtSignature']);

/** A signature seals its part. */
function isContinued(last: JsonObject, wire: JsonObject): boolean {
  if (![last, wire].every((part) => Object.keys(part).every((name) => TEXT_FIELDS.has(name)))) return false;
  return last['thought'] === wire['thought'] && last['thoughtSignature'] === undefined;
}

function joined(last: JsonObject, wire: JsonObject): JsonObject {
  return { ...wire, text: `${last['text'] as string}${wire['text'] as string}` };
}
