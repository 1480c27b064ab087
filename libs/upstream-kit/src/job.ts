import type { CharacterRequest } from '@sluice/contracts/character';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { AccountContext, UpstreamContext } from './upstream-context.js';

export type JobKind = 'image' | 'video' | 'character';

/** A file that an upstream made, and where to fetch it. */
export interface UpstreamFile {
  url: string;
  role: 'result' | 'thumbnail' | 'partial';
  mediaType?: string;
  /** Only the job's `open` can fetch it: the account has to show itself, each upstream in its own way. */
  needsCredential: boolean;
  /** After this the URL is dead. */
  expiresAtMs?: number;
}

/** A file that came with the answer itself: it is in our store before anything else happens. */
export interface HeldFile {
  role: UpstreamFile['role'];
  bytes: Uint8Array;
}

export type MadeFile = UpstreamFile | HeldFile;

/** What is known of an operation after a look at it. `operation` replaces the one before: an adapter may keep notes in it. */
export type OperationStep =
  /** `pollAfterMs` is the upstream's own wish; without one the runtime's pace holds. */
  | { type: 'running'; operation: Operation; progress?: number; pollAfterMs?: number }
  /** A preview of the file with this index. */
  | { type: 'partial'; operation: Operation; file: MadeFile; index?: number }
  /** Held files only from `start`: what is told to `poll` can be told again. */
  | { type: 'done'; operation: Operation; files: MadeFile[]; facts?: JsonObject }
  | { type: 'failed'; operation: Operation; error: ErrorData };

export type JobStep =
  /** Before anything is paid: a post, an upload. Committed with the intent, so that a lost submission can be told by it. */
  | { type: 'prepared'; facts: JsonObject }
  | { type: 'accepted'; operation: Operation; pollAfterMs?: number }
  | OperationStep;

/** What was about to be submitted when contact was lost: enough to recognise it in a listing. */
export interface SubmitIntent<Request> {
  request: Request;
  generationId: string;
  submittedAtMs: number;
  /** Of the `prepared` step, where there was one. */
  prepared?: JsonObject;
  /** Operations that other generations own; never to be adopted. */
  owned: ReadonlySet<string>;
}

/** Requests per kind of job; each is added here when its contract is written. */
export interface JobRequests {
  image: ImageRequest;
  video: VideoRequest;
  character: CharacterRequest;
}

/** What runs under the account as well and is not asked for: a list may tell of it, and what was told is told on. */
export interface InPassing {
  operations: readonly Operation[];
  /** `index`: of the operation. */
  tell(index: number, step: OperationStep): void;
}

export interface Job<Kind extends JobKind, Credential> {
  /**
   * The submitting call is itself the work, and answers when it is done: it is waited for until the generation's deadline,
   * and lost with its worker.
   */
  readonly isAttended?: true;
  /**
   * At most one `prepared`, then `accepted`, which is committed before the rest is read; then, where the submitting
   * call itself tells the progress, what becomes of it. A stream that ends after `accepted` leaves the rest to `poll`.
   */
  start(request: JobRequests[Kind], context: UpstreamContext<Credential>): AsyncIterable<JobStep>;
  /**
   * All of one credential at once, since some upstreams list per account: one step per operation, in their order.
   * Absent where only `start` can tell. It may write too (a last stage), but only what can be written twice.
   */
  poll?(
    operations: readonly Operation[],
    context: AccountContext<Credential>,
    inPassing?: InPassing,
  ): Promise<OperationStep[]>;
  /** Looks a lost submission up. Absent where the protocol has no way. */
  find?(intent: SubmitIntent<JobRequests[Kind]>, context: UpstreamContext<Credential>): Promise<Operation | undefined>;
  cancel?(operation: Operation, context: AccountContext<Credential>): Promise<void>;
  /** Removes from the account what this operation, ended, has left there. What is gone already has been removed. */
  remove?(operation: Operation, context: AccountContext<Credential>): Promise<void>;
  /** Fetches a file that needs the credential. A redirect to another origin is answered unread, and never followed here. */
  open?(file: UpstreamFile, context: AccountContext<Credential>): Promise<HttpResponse>;
}
