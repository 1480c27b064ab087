import { GatewayError, type ErrorData } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { describeFailure, readFailureBody, wrongAddress } from '@sluice/upstream-kit/failure-body';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { readVendorError, toFailure, type VendorError } from '@sluice/wire-openai-chat/decode-error';
import type { SoraVideo } from './sora.schema.js';
import type { Standing } from './sora.status.js';

const SERVICE_UNAVAILABLE = 503;

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toSoraFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const waitMs = retryAfterMs(response.headers, nowMs);
  const told = readVendorError(json);
  if (told !== undefined && status === 404 && isOfNoPath(told)) return wrongAddress(status);
  if (told === undefined && (status === 404 || status < 400)) return wrongAddress(status);
  const failure = toFailure(told === undefined ? { message: describeFailure({ status, text }) } : normalise(told), {
    status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
  return isUndocumented(failure, { status, told, waitMs }) ? withSaw(failure, 'unknown') : failure;
}

/** What a router says that has nothing behind a path: a proxy's, or the vendor's own while it is put anew. */
const NO_PATH =
  /^(?:404\W*)?(?:the )?(?:requested )?(?:page|path|route|url|endpoint) (?:was )?not found\b|^cannot [a-z]+ \/|^invalid url\b|\bno (?:such )?route\b/i;
/** Nothing but the status once more. */
const NO_WORDS = /^(?:error )?(?:404\W*)?(?:not[ _-]?found)?\W*$/i;

function isOfNoPath({ message, code, type }: VendorError): boolean {
  return NO_PATH.test(message) || [message, code, type].every((word) => word === undefined || NO_WORDS.test(word));
}

/** What a vendor says of a video that it gave up. It is final: the work was accepted, and its end is told. */
export function toVideoError(video: SoraVideo, standing: Exclude<Standing, 'waiting' | 'done'>): ErrorData {
  const told = readVendorError({ error: video.error ?? null });
  const { message, code, param, upstreamCode } = toFailure(normalise(told ?? { message: MESSAGES[standing] })).data;
  const isRefused = standing === 'refused' || code === 'content_refused';
  return {
    // Whatever else it says about keys and quotas, it is this video that failed, and no other attempt at it is free.
    code: isRefused ? 'content_refused' : 'upstream_error',
    message: told === undefined ? MESSAGES[standing] : message,
    saw: 'refused',
    upstreamCode: upstreamCode ?? standing,
    ...(standing === 'expired' && { reason: 'expired' }),
    ...(param !== undefined && { param }),
  };
}

/** Of an operation that the vendor does not know, or not any more. */
export function toForgottenError(): ErrorData {
  const message = 'The upstream does not know this video any more.';
  return { code: 'upstream_error', message, saw: 'refused', reason: 'expired', upstreamCode: 'not_found' };
}

const MESSAGES: Readonly<Record<Exclude<Standing, 'waiting' | 'done'>, string>> = {
  failed: 'The upstream could not make the video.',
  cancelled: 'The video was cancelled at the upstream.',
  expired: 'The video expired at the upstream before it was made.',
  refused: 'The upstream refused to show the video that it made.',
};

const MODERATION =
  /moderation|content[_ ](?:policy|violation|filter)|(?:input|output|sora)_.*(?:blocked|violation)|safety|sensitive|nsfw/i;

/** Vendors have many words for a refused content. */
function normalise(error: VendorError): VendorError {
  const isModerated = MODERATION.test(error.code ?? '') || MODERATION.test(error.type ?? '');
  return isModerated ? { ...error, code: 'moderation_blocked' } : error;
}

/**
 * A 503 says that nothing was taken on only where the vendor says so itself: a proxy's says that nobody answered the proxy.
 */
function isUndocumented(
  failure: GatewayError,
  { status, told, waitMs }: { status: number; told: VendorError | undefined; waitMs: number | undefined },
): boolean {
  if (status < 500 || failure.data.saw !== 'refused') return false;
  return status !== SERVICE_UNAVAILABLE || (told?.code === undefined && waitMs === undefined);
}

function withSaw({ data }: GatewayError, saw: 'unknown'): GatewayError {
  const { code, message, ...rest } = data;
  return new GatewayError(code, message, { ...rest, saw });
}
