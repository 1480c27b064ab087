import type { EmbedRequest } from '@sluice/contracts/embedding';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { embeddingSchema, type EmbeddingBody } from './schema.js';

export type EncodingFormat = 'float' | 'base64';

export interface DecodedRequest {
  request: EmbedRequest;
  /** How the client wants its vectors written; `float` when it said nothing. */
  encodingFormat: EncodingFormat;
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
  /** The body as it came. */
  native: JsonObject;
}

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeRequest(body: unknown): DecodedRequest {
  const parsed = embeddingSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const { model, input, dimensions, encoding_format: format, user } = parsed.data;
  const native = body as JsonObject;
  return {
    request: {
      model,
      inputs: decodeInput(input),
      ...(dimensions != null && { dimensions }),
      ...(user != null && { endUser: user }),
    },
    encodingFormat: format ?? 'float',
    ignored: Object.keys(native).filter((name) => !KNOWN_FIELDS.has(name)),
    native,
  };
}

const KNOWN_FIELDS = new Set(Object.keys(embeddingSchema.shape));

function decodeInput(input: EmbeddingBody['input']): EmbedRequest['inputs'] {
  if (typeof input === 'string') return [input];
  return isTokens(input) ? [input] : input;
}

function isTokens(input: (string | number | number[])[]): input is number[] {
  return typeof input[0] === 'number';
}
