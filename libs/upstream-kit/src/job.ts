import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import type { UpstreamContext } from './upstream-context.js';

export type JobKind = 'image' | 'video' | 'character';

/** A file that an upstream made: where to fetch it, and whether the account's credential must go with the fetch. */
export interface UpstreamFile {
  url: string;
  role: 'result' | 'thumbnail' | 'partial';
  mediaType?: string;
  needsCredential: boolean;
  /** After this the URL is dead. */
  expiresAtMs?: number;
}

/** What is known of an operation after a look at it. */
export type JobStep =
  | { type: 'accepted'; operation: Operation }
  | { type: 'running'; operation: Operation; progress?: number }
  | { type: 'partial'; operation: Operation; file: UpstreamFile }
  | { type: 'done'; operation: Operation; files: UpstreamFile[]; facts?: JsonObject }
  | { type: 'failed'; operation: Operation; error: ErrorData };

/** What was about to be submitted when contact was lost: enough to recognise it in a listing. */
export interface SubmitIntent<Request> {
  request: Request;
  generationId: string;
  submittedAtMs: number;
  /** Operations that other generations own; never to be adopted. */
  owned: ReadonlySet<string>;
}

/** Requests per kind of job; each is added here when its contract is written. */
export interface JobRequests {
  image: { prompt: string; options: JsonObject };
  video: { prompt: string; options: JsonObject };
  character: { name: string; options: JsonObject };
}

export interface Job<Kind extends JobKind, Credential> {
  /** A stream's first step is `accepted`: it is committed before the rest is read. */
  start(request: JobRequests[Kind], context: UpstreamContext<Credential>): AsyncIterable<JobStep>;
  /** All of one credential at once, since some upstreams list per account. Absent where `start` runs to the end. */
  poll?(operations: readonly Operation[], context: UpstreamContext<Credential>): Promise<JobStep[]>;
  /** Looks a lost submission up. Absent where the protocol has no way. */
  find?(intent: SubmitIntent<JobRequests[Kind]>, context: UpstreamContext<Credential>): Promise<Operation | undefined>;
  cancel?(operation: Operation, context: UpstreamContext<Credential>): Promise<void>;
}
