import type { EmbedRequest } from '@sluice/contracts/embedding';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { batchEmbedContentsSchema, embedContentSchema, type EmbedContentBody } from './embed-schema.js';
import { parseWire } from './parse-wire.js';
import { RequestNotes } from './request-notes.js';

export interface DecodedEmbedRequest {
  request: EmbedRequest;
  ignored: string[];
  /** Fields without which the vectors would be others: only an upstream that speaks this dialect may serve them. */
  nativeOnly: string[];
  native: JsonObject;
}

interface Options {
  model: string;
}

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeEmbedRequest(body: unknown, { model }: Options): DecodedEmbedRequest {
  return decode([parseWire(embedContentSchema, body)], { model, native: body as JsonObject, prefix: '' });
}

export function decodeBatchEmbedRequest(body: unknown, { model }: Options): DecodedEmbedRequest {
  const { requests } = parseWire(batchEmbedContentsSchema, body);
  return decode(requests, { model, native: body as JsonObject, prefix: 'requests[].' });
}

type Context = Options & { native: JsonObject; prefix: string };

function decode(requests: EmbedContentBody[], { model, native, prefix }: Context): DecodedEmbedRequest {
  const notes = new RequestNotes();
  const inputs = requests.map((request, index) => textOf(request, { index, prefix, notes }));
  const dimensions = requests[0]?.outputDimensionality;
  // One answer has vectors of one length.
  if (requests.some(({ outputDimensionality }) => outputDimensionality !== dimensions))
    notes.demand(`${prefix}outputDimensionality`);
  for (const { taskType, title } of requests) {
    notes.ignorePresent(`${prefix}taskType`, taskType);
    notes.ignorePresent(`${prefix}title`, title);
  }
  return {
    request: { model, inputs, ...present({ dimensions }) },
    ignored: notes.ignored,
    nativeOnly: notes.nativeOnly,
    native,
  };
}

type Place = { index: number; prefix: string; notes: RequestNotes };

/** The parts of one content are one thing: they have one vector. */
function textOf({ content }: EmbedContentBody, { index, prefix, notes }: Place): string {
  const parts = content.parts ?? [];
  if (parts.some(({ text }) => text == null)) notes.demand(`${prefix}content.parts[]`);
  const text = parts.map((part) => part.text ?? '').join('\n');
  if (parts.length > 0) return text;
  const param = `${prefix.replace('[]', `[${index}]`)}content.parts`;
  throw new GatewayError('invalid_request', `${param}: at least one part is needed.`, { param });
}
