import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { refuseDeep } from '@sluice/wire-errors/refuse-deep';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';
import { itemSchema, withType, type WireItem } from './item-schema.js';
import { inputTokensSchema, responsesSchema, type ConversationBody, type ResponsesBody } from './schema.js';

/** A body that is right by itself; what it names of earlier ones is still to be found. */
export interface ParsedRequest<Body extends ConversationBody = ResponsesBody> {
  body: Body;
  /** As the client wrote them, each with its type. */
  items: readonly WireItem[];
  previousResponseId: string | undefined;
  references: readonly ItemReference[];
  /** Fields that are understood and not acted on, or not known. */
  ignored: ReadonlySet<string>;
}

export interface ItemReference {
  id: string;
  /** Where it stands, for an error. */
  field: string;
}

/** Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. */
export function parseRequest(raw: unknown): ParsedRequest {
  refuseDeep(raw);
  const parsed = responsesSchema.safeParse(raw);
  if (!parsed.success) throw schemaError(parsed.error, raw);
  const body = parsed.data;
  if (body.prompt != null) throw notHere('prompt', 'stored prompts do not exist here. Send the text itself.');
  if (body.background === true && body.store === false) {
    const message = "Invalid 'background': a response in the background must be stored, and 'store' is false.";
    throw new GatewayError('invalid_request', message, { param: 'background', reason: 'invalid_value' });
  }
  checkMetadata(body.metadata);
  return { ...parseConversation(body), body, ignored: ignoredFields(body, raw as JsonObject) };
}

/** What `input_tokens` is asked about: the same body, of which only the conversation counts. */
export function parseTokensRequest(raw: unknown): ParsedRequest<ConversationBody> {
  refuseDeep(raw);
  const parsed = inputTokensSchema.safeParse(raw);
  if (!parsed.success) throw schemaError(parsed.error, raw);
  return { ...parseConversation(parsed.data), body: parsed.data, ignored: new Set() };
}

function parseConversation(body: ConversationBody) {
  if (body.conversation != null) {
    throw notHere('conversation', "conversations of this kind do not exist here. Use 'previous_response_id'.");
  }
  const items = parseInput(body.input);
  const references = items.flatMap((item, index) =>
    item.type === 'item_reference' ? [{ id: item.id, field: `input[${index}].id` }] : [],
  );
  return { items, references, previousResponseId: body.previous_response_id ?? undefined };
}

const inputItemsSchema = z.object({ input: z.array(itemSchema) });

function parseInput(input: ConversationBody['input']): WireItem[] {
  if (input == null) return [];
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  const body = { input: input.map(withType) };
  const parsed = inputItemsSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  // What has been checked, members that nobody reads included: the schemas change nothing.
  return body.input as WireItem[];
}

const KNOWN_FIELDS = new Set(Object.keys(responsesSchema.shape));
/** Those that another upstream can serve; the rest asks for results of OpenAI's own tools. */
const SERVED_INCLUDES = new Set(['reasoning.encrypted_content', 'message.output_text.logprobs']);

function ignoredFields(body: ResponsesBody, raw: JsonObject): Set<string> {
  const ignored = new Set(Object.keys(raw).filter((name) => !KNOWN_FIELDS.has(name)));
  for (const name of body.include ?? []) if (!SERVED_INCLUDES.has(name)) ignored.add(`include ${name}`);
  if (body.max_tool_calls != null) ignored.add('max_tool_calls');
  if (body.truncation === 'auto') ignored.add('truncation');
  if (body.stream_options?.include_obfuscation === true) ignored.add('stream_options.include_obfuscation');
  if (body.user != null && body.safety_identifier != null) ignored.add('user');
  return ignored;
}

const MAXIMUM_METADATA_PAIRS = 16;

function checkMetadata(metadata: ResponsesBody['metadata']): void {
  const count = metadata == null ? 0 : Object.keys(metadata).length;
  if (count <= MAXIMUM_METADATA_PAIRS) return;
  const message = `Invalid 'metadata': too many properties. Expected at most ${MAXIMUM_METADATA_PAIRS}, but got ${count} instead.`;
  throw new GatewayError('invalid_request', message, { param: 'metadata', reason: 'object_above_max_properties' });
}

function notHere(param: string, text: string): GatewayError {
  return new GatewayError('unsupported', `${param}: ${text}`, { param });
}
