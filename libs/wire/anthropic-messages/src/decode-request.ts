import type { ChatRequest, Message, Reasoning, ResponseFormat, Sampling } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { refuseDeep } from '@sluice/wire-errors/refuse-deep';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { decodeMessages } from './decode-messages.js';
import { decodeTools } from './decode-tools.js';
import { IgnoredFields } from './ignored-fields.js';
import { present } from '@sluice/contracts/present';
import { countTokensSchema, messagesSchema, type ConversationBody, type MessagesBody } from './schema.js';
import type { ApiVersion } from './version.js';

export interface DecodedRequest {
  request: ChatRequest;
  isStreamed: boolean;
  /** Asked with `max_tokens: 0`, to warm a cache: nothing of an answer is wanted. */
  isWarmUp: boolean;
  /** Fields that are understood and not acted on, or not known. */
  ignored: string[];
}

/** Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. */
export function decodeRequest(body: unknown, { version }: { version: ApiVersion }): DecodedRequest {
  refuseDeep(body);
  const parsed = messagesSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  if (version !== '2023-06-01') refuseSampling(body as JsonObject);
  if (wire.mcp_servers != null && wire.mcp_servers.length > 0) throw noServers();
  const ignored = new IgnoredFields();
  for (const name of Object.keys(body as JsonObject)) if (!KNOWN_FIELDS.has(name)) ignored.add(name);
  const request = {
    ...decodeConversation(wire, { version, ignored }),
    // An upstream makes at least one token, which is then not told.
    maxOutputTokens: Math.max(1, wire.max_tokens),
    ...present({
      sampling: decodeSampling(wire),
      stop: decodeStop(wire.stop_sequences, ignored),
      endUser: wire.metadata?.user_id,
      serviceTier: wire.service_tier === 'standard_only' ? 'default' : undefined,
    }),
  };
  return { request, isStreamed: wire.stream ?? false, isWarmUp: wire.max_tokens === 0, ignored: ignored.list() };
}

/** What `count_tokens` is asked about: the same body, of which only the conversation counts. */
export function decodeCountRequest(body: unknown, { version }: { version: ApiVersion }): ChatRequest {
  refuseDeep(body);
  const parsed = countTokensSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  return decodeConversation(parsed.data, { version, ignored: new IgnoredFields() });
}

const KNOWN_FIELDS = new Set(Object.keys(messagesSchema.shape));

type Context = { version: ApiVersion; ignored: IgnoredFields };

function decodeConversation(wire: ConversationBody, context: Context): ChatRequest {
  const messages = decodeMessages(wire, context);
  if (messages.length === 0) throw nothingSaid();
  if (wire.cache_control != null) markEnd(messages, wire.cache_control);
  return {
    model: wire.model,
    messages,
    ...decodeTools(wire, context.ignored),
    ...present({
      reasoning: decodeReasoning(wire, context.ignored),
      responseFormat: decodeResponseFormat(wire.output_config?.format ?? wire.output_format),
    }),
  };
}

function refuseSampling(body: JsonObject): void {
  for (const param of ['temperature', 'top_p', 'top_k']) {
    if (body[param] === undefined) continue;
    throw new GatewayError('invalid_request', `${param}: Extra inputs are not permitted`, { param });
  }
}

/** Effort is how much is spent on the answer, thinking says whether and how far: either may be told without the other. */
function decodeReasoning(wire: ConversationBody, ignored: IgnoredFields): Reasoning | undefined {
  const { thinking } = wire;
  const effort = wire.output_config?.effort;
  if (thinking == null) return effort == null ? undefined : { effort };
  if (thinking.type === 'disabled') return { budgetTokens: 0 };
  if (thinking.display === 'omitted') ignored.add('thinking.display');
  return present({ effort, budgetTokens: thinking.type === 'enabled' ? thinking.budget_tokens : undefined });
}

/** This dialect has no name for a format, where others want one. */
function decodeResponseFormat(format: { schema: JsonObject } | null | undefined): ResponseFormat | undefined {
  return format == null ? undefined : { type: 'json-schema', name: 'answer', schema: format.schema };
}

function decodeSampling({ temperature, top_p: topP, top_k: topK }: MessagesBody): Sampling | undefined {
  const sampling = present({ temperature, topP, topK });
  return Object.keys(sampling).length === 0 ? undefined : sampling;
}

/** A sequence of blanks would end an answer after its first word. */
function decodeStop(sequences: string[] | null | undefined, ignored: IgnoredFields): string[] | undefined {
  if (sequences == null) return undefined;
  const kept = sequences.filter((sequence) => sequence.trim() !== '');
  if (kept.length < sequences.length) ignored.add('stop_sequences of blanks');
  return kept.length === 0 ? undefined : kept;
}

/** `cache_control` of the whole request: a breakpoint after the last thing said. */
function markEnd(messages: readonly Message[], cacheBreakpoint: JsonObject): void {
  const parts = messages.flatMap(({ content }) => content as { type: string; cacheBreakpoint?: JsonObject }[]);
  const last = parts.findLast(({ type }) => type === 'text' || type === 'image' || type === 'file');
  if (last !== undefined) last.cacheBreakpoint ??= cacheBreakpoint;
}

function noServers(): GatewayError {
  const message =
    'mcp_servers: tools of remote servers cannot be called here. Connect to the server and offer its tools.';
  return new GatewayError('unsupported', message, { param: 'mcp_servers' });
}

function nothingSaid(): GatewayError {
  return new GatewayError('invalid_request', 'messages: at least one must have content.', { param: 'messages' });
}
