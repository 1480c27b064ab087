import type { GatewayError } from '@sluice/contracts/gateway-error';
import type { AccountContext } from './upstream-context.js';

/** A file of ours that is to lie at the upstream. */
export interface FileToSend {
  mediaType: string;
  bytes: number;
  filename?: string | undefined;
}

/** The rest of a file, from an offset on. */
export interface FileRest {
  offset: number;
  bytes: number;
  body: AsyncIterable<Uint8Array>;
}

/** A file as the upstream tells of it. */
export interface PlacedFile {
  /** By which it is looked at. */
  name: string;
  /** By which a request names it. */
  uri: string;
  /** It may have to be prepared before it can be named. */
  state: 'preparing' | 'ready' | 'failed';
  /** Why it failed. */
  reason?: string;
  expiresAtMs?: number;
}

/**
 * The files that an account keeps at the upstream for requests to name. Each method is one call; when, how often and how long it
 * is waited for is the runtime's.
 */
export interface UpstreamFiles<Credential> {
  /** Begins an upload, and answers where its bytes go. */
  begin(file: FileToSend, context: AccountContext<Credential>): Promise<string>;
  /** Sends all that is left. */
  send(upload: string, rest: FileRest, context: AccountContext<Credential>): Promise<PlacedFile>;
  /** How much has come of an upload that broke off; or the file, where all of it had. Undefined: it cannot be gone on with. */
  received(upload: string, context: AccountContext<Credential>): Promise<number | PlacedFile | undefined>;
  look(name: string, context: AccountContext<Credential>): Promise<PlacedFile>;
  /** Whether a request was refused since a file that it names is not there any more, or is another account's. */
  isGone(error: GatewayError): boolean;
}
