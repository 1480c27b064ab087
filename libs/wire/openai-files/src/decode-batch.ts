import type { BatchEndpoint } from '@sluice/contracts/batch';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import type { z } from 'zod';
import { batchLineSchema, createBatchSchema, listBatchesSchema } from './batch-schema.js';

export interface CreateBatch {
  inputFileId: string;
  endpoint: BatchEndpoint;
  metadata: Record<string, string> | undefined;
  outputLifeMs: number | undefined;
}

/** What OpenAI's batches take and these do not. */
const UNOFFERED: Readonly<Record<string, string>> = {
  '/v1/completions': 'legacy completions are not offered here: use /v1/chat/completions.',
  '/v1/moderations': 'moderations are not offered in batches: call /v1/moderations.',
};

export function decodeCreateBatch(body: unknown): CreateBatch {
  const endpoint = typeof body === 'object' && body !== null ? Reflect.get(body, 'endpoint') : undefined;
  const why = typeof endpoint === 'string' ? UNOFFERED[endpoint] : undefined;
  if (why !== undefined)
    throw new GatewayError('invalid_request', `Invalid value for 'endpoint': ${why}`, {
      param: 'endpoint',
      reason: 'invalid_value',
    });
  const {
    input_file_id: inputFileId,
    metadata,
    output_expires_after: expiry,
    ...rest
  } = parse(createBatchSchema, body);
  return {
    inputFileId,
    endpoint: rest.endpoint,
    metadata: metadata ?? undefined,
    outputLifeMs: expiry ? expiry.seconds * 1_000 : undefined,
  };
}

export function decodeListBatches(query: unknown): z.infer<typeof listBatchesSchema> {
  return parse(listBatchesSchema, query);
}

/** Why a line cannot be run. */
export interface LineProblem {
  code: string;
  message: string;
  param?: string;
}

export type DecodedLine = { customId: string; model: string | undefined; body: JsonObject } | { problem: LineProblem };

/** A line of a file for such an endpoint. */
export function decodeLine(text: string, endpoint: BatchEndpoint): DecodedLine {
  const value = readJson(text);
  if (value === undefined)
    return { problem: { code: 'invalid_json_line', message: 'This line is not parseable as valid JSON.' } };
  const parsed = batchLineSchema.safeParse(value);
  if (!parsed.success) return { problem: toProblem(schemaError(parsed.error, value)) };
  const { custom_id: customId, url, body } = parsed.data;
  if (url !== endpoint) {
    const message = `The url of a request must be that of its batch: '${endpoint}'.`;
    return { problem: { code: 'mismatched_url', message, param: 'url' } };
  }
  return { customId, model: body.model, body: body as JsonObject };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toProblem({ data }: GatewayError): LineProblem {
  const { message, reason = 'invalid_request', param } = data;
  return { code: reason, message, ...(param !== undefined && { param }) };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw schemaError(parsed.error, value);
}
