import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { encodeGoogleError } from '@sluice/wire-errors/google-error';
import { z } from 'zod';
import { operationName } from './file-names.js';

type Video = DurableGeneration<'video'>;

const RESPONSE_TYPE = 'type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse';

interface Telling {
  requestId: string;
  /** Where the caller fetches the finished video with its own key. */
  uri: string;
}

/** A video as the long-running operation that Google's clients ask after. Only its end is told, as there. */
export function encodeVideoOperation(video: Video, { requestId, uri }: Telling): JsonObject {
  const name = operationName(video);
  const { status, state, error } = video;
  if (status === 'queued' || status === 'running') return { name };
  if (status === 'succeeded' && video.files.length > 0) return ended(name, { generatedSamples: [{ video: { uri } }] });
  // As Google tells it: no failure, but nothing to be seen, and why.
  if (error?.code === 'content_refused')
    return ended(name, { raiMediaFilteredCount: 1, raiMediaFilteredReasons: [error.message] });
  const failure = error ?? (status === 'succeeded' ? GONE : (UNTOLD[state] ?? FAILED));
  return { name, done: true, error: toRpcStatus(failure, requestId) };
}

function ended(name: string, generateVideoResponse: JsonObject): JsonObject {
  return { name, done: true, response: { '@type': RESPONSE_TYPE, generateVideoResponse } };
}

const GONE: ErrorData = { code: 'not_found', message: 'The content of this video has expired.', reason: 'expired' };
const FAILED: ErrorData = { code: 'upstream_error', message: 'The video could not be made.' };
const UNTOLD: { readonly [State in Video['state']]?: ErrorData } = {
  cancelled: { code: 'cancelled', message: 'The video was cancelled.' },
  expired: { code: 'deadline_exceeded', message: 'The video took too long.' },
};

const statusSchema = z.object({
  error: z.object({ status: z.string(), message: z.string(), details: z.array(z.json()) }),
});

/** In an operation the code is the number of google.rpc.Code, not the one of HTTP. */
function toRpcStatus(error: ErrorData, requestId: string): JsonObject {
  const { status, message, details } = statusSchema.parse(encodeGoogleError(error, { requestId }).body).error;
  return { code: RPC_CODES.indexOf(status), message, details };
}

/** In the order of their numbers. */
const RPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];
