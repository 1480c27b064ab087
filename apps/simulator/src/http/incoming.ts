import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as it arrives, before it is known who answers it. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path without the query, not decoded. */
  readonly path: string;
}
