import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { ErrorCode } from '@sluice/contracts/error-code';
import type { JsonObject } from '@sluice/contracts/json';
import { shownSeconds } from './encode-response.js';
import { toRequestId } from './video-id.js';

type Video = DurableGeneration<'video'>;

/** The answer to `POST /v1/videos/generations`. */
export function encodeRequestId(generationId: string): JsonObject {
  return { request_id: toRequestId(generationId) };
}

/** The same video as xAI's clients poll for it. `url` is where the finished film can be fetched without a key. */
export function encodeXaiVideo(video: Video, url: string | undefined): JsonObject {
  const { model, status, state, progress } = video;
  if (status === 'queued' || status === 'running') return { status: 'pending', progress, model };
  if (status !== 'succeeded') return encodeFailure(video);
  // The file is gone by age: their word for it is the same as for a video that was never made in time.
  if (url === undefined || state === 'expired') return { status: 'expired' };
  return {
    status: 'done',
    progress: 100,
    model,
    video: { url, duration: shownSeconds(video), respect_moderation: true },
  };
}

function encodeFailure({ state, error }: Video): JsonObject {
  if (state === 'expired') return { status: 'expired' };
  const code = error ? (CODES[error.code] ?? 'internal_error') : 'internal_error';
  return { status: 'failed', error: { code, message: error?.message ?? 'The video could not be made.' } };
}

const CODES: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'invalid_argument',
  unsupported: 'invalid_argument',
  content_refused: 'permission_denied',
  forbidden: 'permission_denied',
  cancelled: 'failed_precondition',
  no_credential: 'service_unavailable',
  overloaded: 'service_unavailable',
  unavailable: 'service_unavailable',
  upstream_overloaded: 'service_unavailable',
  upstream_rate_limited: 'service_unavailable',
  upstream_quota_exhausted: 'service_unavailable',
};
