import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { asWritten } from './as-written.js';
import { toCamel } from './camel-case.js';
import { decodeConfig } from './decode-config.js';
import { decodeContents } from './decode-contents.js';
import { decodeTools } from './decode-tools.js';
import { parseWire } from './parse-wire.js';
import { RequestNotes } from './request-notes.js';
import { countTokensSchema, generateContentSchema, type GenerateContentBody } from './schema.js';

export interface DecodedRequest {
  request: ChatRequest;
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
  /** Fields without which the answer would be another one: only an upstream that speaks this dialect may serve them. */
  nativeOnly: string[];
  /** The client wants to see thoughts; without this, Google tells none. */
  includesThoughts: boolean;
  /** The body as it came. */
  native: JsonObject;
}

/** Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. The model is the path's. */
export function decodeRequest(body: unknown, { model }: { model: string }): DecodedRequest {
  const wire = parseWire(generateContentSchema, body);
  const notes = new RequestNotes();
  noteUnknown(body as JsonObject, notes);
  const request = asWritten(() => decodeBody(wire, { model, notes }), { body, within: [] });
  return {
    request,
    ignored: notes.ignored,
    nativeOnly: notes.nativeOnly,
    includesThoughts: request.reasoning?.includeText ?? false,
    native: body as JsonObject,
  };
}

/** What `countTokens` is asked about: contents, or a whole request. */
export function decodeCountRequest(body: unknown, { model }: { model: string }): ChatRequest {
  const wire = parseWire(countTokensSchema, body);
  const isWrapped = 'generateContentRequest' in wire;
  const asked = isWrapped ? wire.generateContentRequest : wire;
  const within = isWrapped ? ['generateContentRequest'] : [];
  return asWritten(() => decodeBody(asked, { model, notes: new RequestNotes() }), { body, within });
}

function decodeBody(wire: GenerateContentBody, { model, notes }: { model: string; notes: RequestNotes }): ChatRequest {
  const messages = decodeContents(wire, notes);
  if (messages.length === 0) throw nothingSaid();
  notes.ignorePresent('safetySettings', wire.safetySettings);
  if (wire.cachedContent != null) notes.demand('cachedContent');
  return {
    model,
    messages,
    ...decodeTools(wire, notes),
    ...(wire.generationConfig != null && decodeConfig(wire.generationConfig, notes)),
    ...present({ serviceTier: decodeTier(wire.serviceTier), store: wire.store }),
  };
}

/** `standard` is what others call their default. */
function decodeTier(tier: string | null | undefined): string | undefined {
  const name = tier?.toLowerCase().replace(/^service_tier_/, '');
  if (name === undefined || name === 'unspecified') return undefined;
  return name === 'standard' ? 'default' : name;
}

const KNOWN_FIELDS = new Set(Object.keys(generateContentSchema.shape));
const KNOWN_CONFIG = new Set(Object.keys(generateContentSchema.shape.generationConfig.unwrap().unwrap().shape));

function noteUnknown(body: JsonObject, notes: RequestNotes): void {
  for (const name of Object.keys(body)) if (!KNOWN_FIELDS.has(toCamel(name))) notes.ignore(name);
  const config = body['generationConfig'] ?? body['generation_config'];
  if (!isJsonObject(config)) return;
  for (const name of Object.keys(config))
    if (!KNOWN_CONFIG.has(toCamel(name))) notes.ignore(`generationConfig.${name}`);
}

function nothingSaid(): GatewayError {
  const param = 'contents';
  return new GatewayError('invalid_request', 'contents: at least one must have a part that says something.', { param });
}
