import type { ChatRequest, Message, ResponseFormat, Sampling } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import { decodeItems, type PlacedItem } from './decode-items.js';
import { decodeTools } from './decode-tools.js';
import type { WireItem } from './item-schema.js';
import type { ParsedRequest } from './parse-request.js';
import type { ConversationBody, ResponsesBody } from './schema.js';

/** What a request named of earlier ones. */
export interface Found {
  /** All that was said before, the oldest first. */
  history: readonly WireItem[];
  /** What each reference stands for. */
  referenced: ReadonlyMap<string, WireItem>;
}

export const NOTHING_FOUND: Found = { history: [], referenced: new Map() };

export interface DecodedRequest {
  request: ChatRequest;
  /** Those that the parser has found, and more. */
  ignored: string[];
}

/** Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. */
export function decodeRequest(parsed: ParsedRequest, found: Found = NOTHING_FOUND): DecodedRequest {
  const ignored = new Set(parsed.ignored);
  const { body } = parsed;
  const request = {
    ...decodeConversation(parsed, { found, ignored }),
    model: body.model,
    ...present({
      sampling: decodeSampling(body),
      maxOutputTokens: body.max_output_tokens,
      logprobs: decodeLogprobs(body),
      serviceTier: body.service_tier,
      cache: decodeCache(body),
      moderation: body.moderation,
      metadata: body.metadata,
      endUser: body.safety_identifier ?? body.user,
    }),
  };
  return { request, ignored: [...ignored] };
}

/** The conversation alone, to be counted. */
export function decodeTokensRequest(
  parsed: ParsedRequest<ConversationBody>,
  found: Found = NOTHING_FOUND,
): ChatRequest {
  return decodeConversation(parsed, { found, ignored: new Set() });
}

type Context = { found: Found; ignored: Set<string> };

function decodeConversation(parsed: ParsedRequest<ConversationBody>, { found, ignored }: Context): ChatRequest {
  const { body } = parsed;
  const said = decodeItems(placeItems(parsed.items, found), ignored);
  if (said.length === 0) throw nothingSaid();
  const instructions: Message[] =
    body.instructions == null || body.instructions === ''
      ? []
      : [{ role: 'system', content: [{ type: 'text', text: body.instructions }] }];
  return {
    model: body.model ?? '',
    messages: [...instructions, ...said],
    ...decodeTools(body, ignored),
    ...present({
      reasoning: body.reasoning?.effort == null ? undefined : { effort: body.reasoning.effort },
      responseFormat: decodeResponseFormat(body.text?.format),
      verbosity: body.text?.verbosity,
    }),
  };
}

function placeItems(items: readonly WireItem[], { history, referenced }: Found): PlacedItem[] {
  const earlier = history.map((item) => ({ item, field: 'previous_response_id' }));
  const own = items.map((item, index) => {
    if (item.type !== 'item_reference') return { item, field: `input[${index}]` };
    const meant = referenced.get(item.id);
    if (meant === undefined) throw new GatewayError('internal', 'An item reference was not resolved.');
    return { item: meant, field: `input[${index}]` };
  });
  return [...earlier, ...own];
}

function decodeSampling({ temperature, top_p: topP }: ResponsesBody): Sampling | undefined {
  const sampling = present({ temperature, topP });
  return Object.keys(sampling).length === 0 ? undefined : sampling;
}

function decodeResponseFormat(format: NonNullable<ResponsesBody['text']>['format']): ResponseFormat | undefined {
  if (format == null) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  const { name, description, schema, strict } = format;
  return { type: 'json-schema', ...present({ name, description, schema, strict }) };
}

function decodeLogprobs({ include, top_logprobs: top }: ResponsesBody): { top: number } | undefined {
  const isAsked = include?.includes('message.output_text.logprobs') === true || (top ?? 0) > 0;
  return isAsked ? { top: top ?? 0 } : undefined;
}

function decodeCache(body: ResponsesBody): ChatRequest['cache'] {
  const cache = present({
    key: body.prompt_cache_key,
    retention: body.prompt_cache_retention,
    options: body.prompt_cache_options,
  });
  return Object.keys(cache).length === 0 ? undefined : cache;
}

function nothingSaid(): GatewayError {
  const reason = 'missing_required_parameter';
  return new GatewayError('invalid_request', "Missing required parameter: 'input'.", { param: 'input', reason });
}
