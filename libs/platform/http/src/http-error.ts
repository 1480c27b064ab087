import { GatewayError, type UpstreamSaw } from '@sluice/contracts/gateway-error';
import { errors } from 'undici';

export interface FailedCall {
  error: unknown;
  signal: AbortSignal;
  /** Whether a byte of it can have gone out. */
  isStarted: boolean;
  host: string;
}

/** A failure of the transport in our words, with what the upstream can have seen. */
export function toHttpError({ error, signal, isStarted, host }: FailedCall): GatewayError {
  if (error instanceof GatewayError) return isStarted ? seen(error) : error;
  const saw: UpstreamSaw = isStarted ? 'unknown' : 'nothing';
  if (signal.aborted) return aborted(signal, saw, error);
  const code = codeOf(error);
  const options = { cause: error, saw, ...(code === undefined ? {} : { upstreamCode: code }) };
  if (code === 'UND_ERR_INVALID_ARG') {
    return new GatewayError('internal', `A call to ${host} was not well formed.`, options);
  }
  if (!isStarted) return new GatewayError('upstream_unreachable', unreachable(host, code), options);
  if (code !== undefined && TIMEOUTS.has(code)) {
    return new GatewayError('upstream_timeout', `${host} did not answer in time.`, options);
  }
  if (!isTruncated(error) && (error instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW')) {
    return new GatewayError('upstream_bad_answer', `${host} sent an answer that is not HTTP.`, options);
  }
  return new GatewayError('upstream_interrupted', `The connection to ${host} was cut.`, options);
}

/** The code for an address that the guard refuses; callers that took the URL from a client look for it. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What a body or a deadline failed of knows nothing of this call, which may have gone out. */
function seen(error: GatewayError): GatewayError {
  const { code, message, ...rest } = error.data;
  if (rest.saw !== 'nothing' && rest.saw !== 'refused') return error;
  return new GatewayError(code, message, { ...rest, saw: 'unknown', cause: error });
}

/** Whoever aborts with a `GatewayError` (a deadline, say) has named the failure already. */
function aborted(signal: AbortSignal, saw: UpstreamSaw, cause: unknown): GatewayError {
  const reason: unknown = signal.reason;
  if (!(reason instanceof GatewayError))
    return new GatewayError('cancelled', 'The call was cancelled.', { cause, saw });
  const { code, message, ...rest } = reason.data;
  return new GatewayError(code, message, { ...rest, saw, cause: reason });
}

/** The parser has no code for a connection that ended inside a message. */
function isTruncated(error: unknown): boolean {
  return error instanceof errors.HTTPParserError && error.message.includes('Invalid EOF state');
}

function unreachable(host: string, code: string | undefined): string {
  if (code === ADDRESS_REFUSED)
    return `${host} is not an address of the public Internet; private networks are not allowed here.`;
  return `${host} cannot be reached${code === undefined ? '' : ` (${code})`}.`;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) {
    const inner: unknown = error.errors[0];
    if (inner !== undefined) return codeOf(inner);
  }
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : undefined;
}
