import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { AnswerItems } from './answer-items.js';
import { encodeFailure } from './encode-failure.js';
import type { ResponseFrame } from './encode-frame.js';
import { encodeItem, type ItemStatus } from './encode-item.js';
import { encodeUsage } from './encode-usage.js';

/** The members of a response that its answer decides. */
export interface Outcome {
  members: JsonObject;
  output: JsonObject[];
}

export interface OutcomeContext {
  frame: ResponseFrame;
  completedSeconds: number;
  /** Without one, what nobody has counted is null. */
  estimate?: TokenEstimate | undefined;
}

/** For an upstream that does not count: clients take an answer without usage for a broken one. */
export interface TokenEstimate {
  inputTokens(): number;
  tokensOf(text: string): number;
}

type Terminal = Extract<Part, { type: 'succeeded' | 'failed' | 'cancelled' }>;

/** Takes in an answer, and tells what has become of it. */
export class AnswerRecord {
  private items = new AnswerItems();
  private before = 0;
  private finish: Extract<ChatPart, { type: 'finish' }> | undefined;
  private usage: Usage | undefined;
  private model: string | undefined;
  private serviceTier: string | undefined;

  /** What the last attempt has said. */
  get answer(): AnswerItems {
    return this.items;
  }

  /** How many items attempts that broke off have begun: those of the last one have their places after them. */
  get firstIndex(): number {
    return this.before;
  }

  /** True where the part has become part of an item. */
  add(part: Part): boolean {
    if (part.type === 'usage') this.usage = part.usage;
    else if (part.type === 'attempt') this.begin(part);
    else if (part.type === 'start') this.start(part);
    else if ('choice' in part && part.choice === 0) {
      if (part.type !== 'finish') {
        this.answer.add(part);
        return true;
      }
      this.finish ??= part;
    }
    return false;
  }

  /** How the last item ended; those before it are complete. */
  lastStatus(end: Terminal): ItemStatus {
    return end.type === 'succeeded' && this.cutReason() === undefined ? 'completed' : 'incomplete';
  }

  outcome(end: Terminal, { frame, completedSeconds, estimate }: OutcomeContext): Outcome {
    const { items } = this.answer;
    const lastStatus = this.lastStatus(end);
    const output = items.map((item, place) => {
      const status = place === items.length - 1 ? lastStatus : 'completed';
      return encodeItem(item, { frame, index: this.before + place, status });
    });
    return {
      members: {
        ...this.ending(end),
        completed_at: end.type === 'succeeded' && this.cutReason() === undefined ? completedSeconds : null,
        ...(this.model !== undefined && { model: this.model }),
        ...(this.serviceTier !== undefined && { service_tier: this.serviceTier }),
        usage: this.usageAt(end, estimate),
      },
      output,
    };
  }

  /** Only the last attempt counts: nothing that an earlier one said is part of the answer. */
  private begin({ model }: Extract<Part, { type: 'attempt' }>): void {
    this.before += this.items.items.length;
    this.items = new AnswerItems();
    this.finish = undefined;
    this.usage = undefined;
    this.serviceTier = undefined;
    this.model = model;
  }

  /** Its upstream may name the model more precisely. */
  private start(part: Extract<Part, { type: 'start' }>): void {
    if (part.model) this.model = part.model;
    if ('serviceTier' in part) this.serviceTier = part.serviceTier;
  }

  private usageAt(end: Terminal, estimate: TokenEstimate | undefined): JsonObject | null {
    if (this.usage !== undefined) return encodeUsage(this.usage);
    if (end.type !== 'succeeded' || estimate === undefined) return null;
    const inputTokens = estimate.inputTokens();
    const outputTokens = Math.max(1, Math.ceil(estimate.tokensOf(this.answer.text)));
    return encodeUsage({ inputTokens, outputTokens, totalTokens: inputTokens + outputTokens });
  }

  private cutReason(): string | undefined {
    if (this.finish?.reason === 'length') return 'max_output_tokens';
    return this.finish?.reason === 'content-filter' ? 'content_filter' : undefined;
  }

  private ending(end: Terminal): JsonObject {
    if (end.type === 'failed') return { status: 'failed', error: encodeFailure(end.error) };
    if (end.type === 'cancelled') return { status: 'cancelled' };
    const reason = this.cutReason();
    return reason === undefined ? { status: 'completed' } : { status: 'incomplete', incomplete_details: { reason } };
  }
}

/** What has become of a whole log, whose last part must be its terminal one. */
export function encodeOutcome(parts: readonly Part[], context: OutcomeContext): Outcome {
  const record = new AnswerRecord();
  for (const part of parts) record.add(part);
  return record.outcome(terminalOf(parts), context);
}

function terminalOf(parts: readonly Part[]): Terminal {
  const end = parts.at(-1);
  if (end?.type === 'succeeded' || end?.type === 'failed' || end?.type === 'cancelled') return end;
  return { type: 'failed', error: { code: 'upstream_interrupted', message: 'The answer broke off.' } };
}
