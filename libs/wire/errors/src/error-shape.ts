import type { ErrorData } from '@sluice/contracts/gateway-error';

/** A failure in a dialect family's own words, ready to be sent. */
export interface ErrorReply {
  status: number;
  headers: Record<string, string>;
  body: object;
}

export type EncodeError = (error: ErrorData, context: { requestId: string }) => ErrorReply;
