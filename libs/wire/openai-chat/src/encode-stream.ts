import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import { sseComment, sseData } from '@sluice/wire-sse/sse-encode';
import type { StreamContext } from './answer-context.js';
import { encodeError } from './encode-error.js';
import { encodeFinish } from './encode-finish.js';
import { encodeImage } from './encode-image.js';
import { encodeUsage } from './encode-usage.js';

/** Turns parts into whole SSE frames; the empty string where a part has no frame. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** A comment: shows proxies that the stream lives. */
  heartbeat(): string;
}

/** All that does not change from chunk to chunk is written once; per delta only its text is. */
export function createStreamEncoder(context: StreamContext): StreamEncoder {
  return new ChatStreamEncoder(context);
}

type Start = Extract<ChatPart, { type: 'start' }>;
type ToolPart = Extract<ChatPart, { type: 'tool-input-start' | 'tool-input-delta' }>;

interface ChoiceState {
  /** Everything of a chunk before its delta. */
  prefix: string;
  hasToolCalls: boolean;
  isFinished: boolean;
  customCalls: Set<number>;
}

const HEARTBEAT = sseComment('ping');
const DONE = sseData('[DONE]');

class ChatStreamEncoder implements StreamEncoder {
  private head: string;
  private readonly tail: string;
  private readonly isLegacyFunctions: boolean;
  private readonly choices: ChoiceState[] = [];
  private usage: Usage | undefined;

  constructor(private readonly context: StreamContext) {
    this.isLegacyFunctions = context.isLegacyFunctions ?? false;
    this.head = this.chunkHead();
    this.tail = context.includeUsage ? ',"usage":null}\n\n' : '}\n\n';
  }

  heartbeat(): string {
    return HEARTBEAT;
  }

  encode(part: Part): string {
    switch (part.type) {
      case 'text-delta':
        return this.text(part);
      case 'tool-input-start':
      case 'tool-input-delta':
        return this.tool(part);
      case 'reasoning-delta':
        return this.delta(part.choice, `{"reasoning_content":${JSON.stringify(part.text)}}`);
      case 'reasoning-signature':
        return this.delta(part.choice, JSON.stringify({ reasoning_details: [signed(part.signature)] }));
      case 'refusal-delta':
        return this.delta(part.choice, `{"refusal":${JSON.stringify(part.text)}}`);
      case 'audio-delta':
        return this.delta(part.choice, JSON.stringify({ audio: part.audio }));
      case 'annotations':
        return this.delta(part.choice, JSON.stringify({ annotations: part.annotations }));
      case 'image':
        return this.delta(part.choice, JSON.stringify({ images: [encodeImage(part)] }));
      case 'start':
        return this.start(part);
      case 'finish':
        return this.finish(part);
      case 'usage':
        this.usage = part.usage;
        return '';
      case 'succeeded':
        return this.end();
      case 'failed':
        return this.fail(part.error);
      case 'cancelled':
        return this.fail({ code: 'cancelled', message: `The generation was cancelled: ${part.reason}` });
      default:
        return '';
    }
  }

  private fail(error: ErrorData): string {
    return errorFrame(error) + (this.context.endsAfterError ? DONE : '');
  }

  private chunkHead(start?: Start): string {
    const { id, createdSeconds, model } = this.context;
    const head = {
      id,
      object: 'chat.completion.chunk',
      created: createdSeconds,
      model,
      service_tier: start?.serviceTier,
      system_fingerprint: start?.fingerprint,
    };
    return `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  }

  private start(part: Start): string {
    // A second start is that of another attempt: what was said stays said.
    if (this.choices.length > 0) return '';
    this.head = this.chunkHead(part);
    const [, opening] = this.open(0);
    return opening;
  }

  /** The choice, and the frame that opens it where it is new. */
  private open(index: number): [ChoiceState, string] {
    const known = this.choices[index];
    if (known !== undefined) return [known, ''];
    const prefix = `${this.head}{"index":${index},"delta":`;
    const choice = { prefix, hasToolCalls: false, isFinished: false, customCalls: new Set<number>() };
    this.choices[index] = choice;
    return [choice, `${prefix}{"role":"assistant","content":"","refusal":null},"finish_reason":null}]${this.tail}`];
  }

  private delta(index: number, json: string): string {
    const [choice, opening] = this.open(index);
    return `${opening}${choice.prefix}${json},"finish_reason":null}]${this.tail}`;
  }

  private text(part: Extract<ChatPart, { type: 'text-delta' }>): string {
    const json = `{"content":${JSON.stringify(part.text)}}`;
    return this.delta(
      part.choice,
      part.logprobs === undefined ? json : `${json},"logprobs":${JSON.stringify(part.logprobs)}`,
    );
  }

  private tool(part: ToolPart): string {
    const [choice, opening] = this.open(part.choice);
    choice.hasToolCalls = true;
    if (part.type === 'tool-input-start' && part.custom === true) choice.customCalls.add(part.index);
    const json = this.isLegacyFunctions ? legacyDelta(part) : toolDelta(part, choice);
    return opening + this.delta(part.choice, json);
  }

  private finish(part: Extract<ChatPart, { type: 'finish' }>): string {
    const [choice, opening] = this.open(part.choice);
    if (choice.isFinished) return '';
    choice.isFinished = true;
    const reason = encodeFinish(part.reason, {
      hasToolCalls: choice.hasToolCalls,
      isLegacyFunctions: this.isLegacyFunctions,
      stopWord: this.context.stopWord ?? 'stop',
    });
    return `${opening}${choice.prefix}{},"finish_reason":"${reason}"}]${this.tail}`;
  }

  /** Clients throw where a choice has no reason: one that an adapter left open is closed here. */
  private end(): string {
    if (this.choices.length === 0) this.choices.length = 1;
    const finishes = Array.from(this.choices, (_, choice) =>
      this.finish({ type: 'finish', choice, reason: 'stop' }),
    ).join('');
    const { includeUsage } = this.context;
    const isCounted = includeUsage && this.usage !== undefined;
    const usage = isCounted ? `${this.head}],"usage":${JSON.stringify(encodeUsage(this.usage as Usage))}}\n\n` : '';
    return finishes + usage + DONE;
  }
}

function toolDelta(part: ToolPart, { customCalls }: ChoiceState): string {
  const isCustom = customCalls.has(part.index);
  if (part.type === 'tool-input-delta') {
    const input = JSON.stringify(part.delta);
    const body = isCustom ? `"custom":{"input":${input}}` : `"function":{"arguments":${input}}`;
    return `{"tool_calls":[{"index":${part.index},${body}}]}`;
  }
  const { index, id, name, signature } = part;
  const body = isCustom
    ? { type: 'custom', custom: { name, input: '' } }
    : { type: 'function', function: { name, arguments: '' } };
  const extra = signature === undefined ? undefined : { extra_content: { google: { thought_signature: signature } } };
  return JSON.stringify({ tool_calls: [{ index, id, ...body, ...extra }] });
}

function legacyDelta(part: ToolPart): string {
  const call = part.type === 'tool-input-start' ? { name: part.name, arguments: '' } : { arguments: part.delta };
  return JSON.stringify({ function_call: call });
}

function signed(signature: string): { type: string; signature: string } {
  return { type: 'reasoning.text', signature };
}

function errorFrame(error: ErrorData): string {
  return sseData(JSON.stringify(encodeError(error, { requestId: '' }).body));
}
