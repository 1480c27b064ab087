import { type ErrorData, GatewayError } from '@sluice/contracts/gateway-error';
import type { AttemptChange } from './attempt-writer.js';

/** Of a signal that ends because another worker has the job now. */
export const TAKEN_OVER = 'taken_over';

export function shutDown(): GatewayError {
  return new GatewayError('draining', 'The worker was shut down while it was made.');
}

export function overdue(): GatewayError {
  return new GatewayError('deadline_exceeded', 'The upstream did not finish it before its deadline.');
}

export function silent(): ErrorData {
  return { code: 'upstream_bad_answer', message: 'The upstream told nothing of what it made.', saw: 'unknown' };
}

export function empty(): GatewayError {
  return new GatewayError('upstream_bad_answer', 'The upstream finished it without a file.');
}

/** It is made and paid, and we have nowhere to put it. */
export function unkept(): AttemptChange {
  const error: ErrorData = { code: 'unavailable', message: 'It was made, but could not be stored.' };
  return { state: 'failed', error, parts: [{ type: 'failed', error }] };
}

export function unknownError({ message, upstreamStatus }: ErrorData): ErrorData {
  return {
    code: 'outcome_unknown',
    message: `It is not known whether the upstream made it: ${message}`,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
  };
}

/** Nobody can look it up, so nobody will ever know; it may be paid, so it is not made again. */
export function unknownEnd(told: ErrorData): AttemptChange {
  const error = unknownError(told);
  return { state: 'failed', error, parts: [{ type: 'failed', error }] };
}
