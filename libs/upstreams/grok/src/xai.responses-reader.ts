import type { ChatPart, FinishReason, Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { parseJson } from '@sluice/upstream-kit/read-json';
import { readVendorError } from '@sluice/wire-openai-chat/decode-error';
import { decodeUsage } from '@sluice/wire-openai-chat/decode-usage';
import { judge } from './xai.error.js';

const CHOICE = 0;

/** Reads the events of a response as parts of a chat. */
export class ResponsesReader {
  isComplete = false;
  private readonly calls = new Map<string, number>();
  private hasStarted = false;

  read(data: string): ChatPart[] {
    const event = parseJson(data);
    if (!isJsonObject(event)) return [];
    const parts = this.hasStarted ? [] : this.start(event);
    return [...parts, ...this.partsOf(event)];
  }

  /** A stream that ends without its last event has broken off. */
  end(): ChatPart[] {
    if (this.isComplete) return [];
    throw new GatewayError('upstream_interrupted', 'The upstream ended its answer in the middle.', { saw: 'unknown' });
  }

  private start({ response }: JsonObject): ChatPart[] {
    if (!isJsonObject(response)) return [];
    this.hasStarted = true;
    const { id, model } = response;
    return [{ type: 'start', ...present({ upstreamId: text(id), model: text(model) }) }];
  }

  private partsOf(event: JsonObject): ChatPart[] {
    const delta = text(event['delta']) ?? '';
    switch (event['type']) {
      case 'response.output_text.delta':
        return [{ type: 'text-delta', choice: CHOICE, text: delta }];
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return [{ type: 'reasoning-delta', choice: CHOICE, text: delta }];
      case 'response.refusal.delta':
        return [{ type: 'refusal-delta', choice: CHOICE, text: delta }];
      case 'response.output_text.annotation.added':
        return annotations([event['annotation'] ?? null]);
      case 'response.output_item.added':
        return this.call(event['item']);
      case 'response.function_call_arguments.delta':
        return this.callInput(event, delta);
      case 'response.completed':
      case 'response.incomplete':
        return this.finish(event['response']);
      case 'response.failed':
      case 'error':
        throw failureOf(event);
      default:
        return [];
    }
  }

  private call(item: Json | undefined): ChatPart[] {
    if (!isJsonObject(item) || item['type'] !== 'function_call') return [];
    const index = this.calls.size;
    const id = text(item['call_id']) ?? text(item['id']) ?? `call_${index}`;
    this.calls.set(text(item['id']) ?? id, index);
    const start = { type: 'tool-input-start', choice: CHOICE, index, id, name: text(item['name']) ?? '' } as const;
    const whole = text(item['arguments']) ?? '';
    return whole === '' ? [start] : [start, { type: 'tool-input-delta', choice: CHOICE, index, delta: whole }];
  }

  private callInput(event: JsonObject, delta: string): ChatPart[] {
    const index = this.calls.get(text(event['item_id']) ?? '') ?? this.calls.size - 1;
    return index < 0 ? [] : [{ type: 'tool-input-delta', choice: CHOICE, index, delta }];
  }

  private finish(response: Json | undefined): ChatPart[] {
    this.isComplete = true;
    const { incomplete_details: details = null, usage = null } = isJsonObject(response) ? response : {};
    const why = isJsonObject(details) ? details['reason'] : undefined;
    const used = usageOf(usage);
    return [
      { type: 'finish', choice: CHOICE, reason: reasonOf(why, this.calls.size > 0) },
      ...(used === undefined ? [] : [{ type: 'usage', usage: used } as const]),
    ];
  }
}

function reasonOf(why: Json | undefined, hasCalls: boolean): FinishReason {
  if (why === 'max_output_tokens') return 'length';
  if (why === 'content_filter') return 'content-filter';
  return hasCalls ? 'tool-calls' : 'stop';
}

/** The same counts, under other names. */
function usageOf(usage: Json): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const { input_tokens_details: input = null, output_tokens_details: output = null, ...counts } = usage;
  return decodeUsage({ ...counts, prompt_tokens_details: input, completion_tokens_details: output });
}

function annotations(found: Json[]): ChatPart[] {
  const told = found.filter((each) => isJsonObject(each) && each['type'] === 'url_citation');
  return told.length === 0 ? [] : [{ type: 'annotations', choice: CHOICE, annotations: told.map(nested) }];
}

/** A chat tells a citation's members under its name. */
function nested(annotation: Json): Json {
  if (!isJsonObject(annotation) || 'url_citation' in annotation) return annotation;
  const { type, ...members } = annotation;
  return { type: type ?? null, url_citation: members };
}

function failureOf(event: JsonObject): GatewayError {
  const { response = null } = event;
  const body = isJsonObject(response) ? response : event;
  const told = readVendorError({ error: body['error'] ?? null }) ?? readVendorError({ error: event });
  return judge(told ?? { message: 'The upstream failed while it answered.' }, {});
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
