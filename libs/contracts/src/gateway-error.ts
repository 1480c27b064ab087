import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './error-code.js';

/**
 * What the upstream can have seen of a failed call. Only `nothing` and `refused` may be tried again
 * without looking: after `unknown` the work may exist and be paid for.
 */
export const upstreamSawSchema = z.enum(['nothing', 'refused', 'unknown']);
export type UpstreamSaw = z.infer<typeof upstreamSawSchema>;

/** A `GatewayError` as data: how it travels in parts, rows and job results. */
export const errorDataSchema = z.object({
  code: z.enum(ERROR_CODES),
  /** Written for the caller: what was wrong with which field, or what the operator can do. */
  message: z.string(),
  /** The field at fault, in the caller's own spelling: `messages[0].content`. */
  param: z.string().optional(),
  retryAfterMs: z.number().nonnegative().optional(),
  upstreamStatus: z.int().optional(),
  /** The finer cause within `code`, as dialects with a code of their own tell it: `invalid_type`. */
  reason: z.string().optional(),
  /** The upstream's own code or type, for operators and for clients that branch on it. */
  upstreamCode: z.string().optional(),
  saw: upstreamSawSchema.optional(),
  /** What of the account it stands for, where that is less than all of it: the model that was asked. */
  scope: z.literal('model').optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

export interface GatewayErrorOptions extends Omit<ErrorData, 'code' | 'message'> {
  cause?: unknown;
}

/** The one expected failure. Everything else that is thrown is a bug and reaches callers as `internal`. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    const { cause, ...rest } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GatewayError';
    this.code = code;
    this.data = { code, message, ...rest };
  }

  static fromData(data: ErrorData): GatewayError {
    const { code, message, ...rest } = data;
    return new GatewayError(code, message, rest);
  }
}

/** Whatever was thrown, as a `GatewayError`; a stranger's text is kept as the cause, never shown to the caller. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal', 'Something went wrong inside the gateway.', { cause: thrown });
}
