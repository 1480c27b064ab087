import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { StreamContext } from './answer-context.js';
import { CandidateWriter, type ChoicePart } from './candidate-writer.js';
import { encodeError } from './encode-error.js';
import { createFraming, type Framing } from './framing.js';
import { ResponseFields } from './response-fields.js';

/** Turns parts into whole frames; the empty string where a part has no frame. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** Blank: shows proxies that the stream lives. Google's clients take no comments. */
  heartbeat(): string;
}

export function createStreamEncoder(context: StreamContext): StreamEncoder {
  return new GeminiStreamEncoder(context);
}

class GeminiStreamEncoder implements StreamEncoder {
  private readonly framing: Framing;
  private readonly fields: ResponseFields;
  private readonly candidates: CandidateWriter[] = [];
  private isEnded = false;

  constructor(private readonly context: StreamContext) {
    this.framing = createFraming(context.form);
    this.fields = new ResponseFields(context);
  }

  heartbeat(): string {
    return '\n\n';
  }

  encode(part: Part): string {
    switch (part.type) {
      case 'start':
        if (!('mediaType' in part)) this.fields.add(part);
        return '';
      case 'usage':
        this.fields.add(part);
        return '';
      case 'succeeded':
        return this.isEnded ? '' : this.end();
      case 'failed':
        return this.fail(part.error);
      case 'cancelled':
        return this.fail({ code: 'cancelled', message: `The generation was cancelled: ${part.reason}` });
      default:
        return 'choice' in part ? this.content(part) : '';
    }
  }

  private content(part: ChoicePart): string {
    if (part.type === 'native') this.fields.add(part);
    const writer = (this.candidates[part.choice] ??= new CandidateWriter(this.context.includesThoughts));
    const parts = writer.add(part);
    if (parts.length === 0) return '';
    const candidate = { content: { parts, role: 'model' }, index: part.choice, ...writer.takeFields() };
    return this.framing.frame({ candidates: [candidate], ...this.fields.take() });
  }

  /** The ends are told together and last, with what the answer cost: the reason marks the end of the stream. */
  private end(): string {
    this.isEnded = true;
    const [first] = this.candidates;
    const blockReason = this.candidates.length === 1 ? first?.blockReason : undefined;
    const body: JsonObject =
      blockReason === undefined ? { candidates: this.ends() } : { promptFeedback: { blockReason } };
    return this.framing.frame({ ...body, ...this.fields.end() }) + this.framing.end();
  }

  private ends(): JsonObject[] {
    if (this.candidates.length === 0) this.candidates.length = 1;
    return Array.from(this.candidates, (candidate, index) => {
      const writer = candidate ?? new CandidateWriter(this.context.includesThoughts);
      return { content: { parts: [{ text: '' }], role: 'model' }, index, ...writer.end() };
    });
  }

  private fail(error: ErrorData): string {
    this.isEnded = true;
    const { body } = encodeError(error, { requestId: this.context.requestId });
    return this.framing.fail(body) + this.framing.end();
  }
}
