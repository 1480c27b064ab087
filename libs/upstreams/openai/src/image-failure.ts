import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { toOpenaiFailure } from './openai.error.js';

const SERVICE_UNAVAILABLE = 503;

/** What an answer with an error status says of a picture. Its body is read to the end, or given up. */
export async function toImageFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const failure = asImageFailure(await toOpenaiFailure(response, nowMs));
  return isUndocumented(failure, response) ? withData(failure, { saw: 'unknown' }) : failure;
}

/** The same failure; what a vendor's moderation refuses under another name is told by ours. */
export function asImageFailure(thrown: unknown): GatewayError {
  if (!(thrown instanceof GatewayError)) throw thrown;
  if (thrown.code !== 'invalid_request' && thrown.code !== 'upstream_error') return thrown;
  const { upstreamCode = '', message } = thrown.data;
  if (!MODERATION.test(upstreamCode) && !REFUSED.test(message)) return thrown;
  return withData(thrown, { saw: 'refused' }, 'content_refused');
}

const MODERATION = /moderation|content[_ ](?:policy|violation|filter)|safety|sensitive|nsfw/i;
const REFUSED =
  /safety system|content policy|(?:blocked|rejected|flagged) by (?:our |the )?(?:content |safety )?(?:moderation|filter)/i;

/**
 * The call is the work, and a server between may give it up in the middle. A 5xx says that nothing was made only where the
 * vendor says so itself.
 */
function isUndocumented({ data }: GatewayError, { status, headers }: HttpResponse): boolean {
  if (status < 500 || data.saw !== 'refused' || data.code === 'content_refused') return false;
  return status !== SERVICE_UNAVAILABLE || (data.upstreamCode === undefined && headers['retry-after'] === undefined);
}

function withData({ data }: GatewayError, more: { saw: 'unknown' | 'refused' }, code = data.code): GatewayError {
  const { code: _code, message, ...rest } = data;
  return new GatewayError(code, message, { ...rest, ...more });
}
