import type { Dialect } from './dialect.js';
import type { ErrorData } from './gateway-error.js';
import type { GenerationStatus } from './generation.js';
import type { JsonObject } from './json.js';
import type { Target } from './route.js';
import type { StoredMedia } from './stored-media.js';
import type { VideoRequest } from './video.js';

/** What is to be made where nobody has to wait on a socket: it is paid once and outlives every process. */
export type DurableInput = { kind: 'video'; request: VideoRequest };
export type DurableKind = DurableInput['kind'];

/** Where a durable generation stands; `status` is what it means to a client. */
export type DurableState =
  | 'queued'
  | 'submitting'
  | 'submit_unknown'
  | 'submitted'
  | 'collecting'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** Of a making POST that named an `Idempotency-Key`. */
export interface IdempotencyClaim {
  /** Key and route: another caller's same word is another claim. */
  scope: string;
  key: string;
  /** Digest of the normalised body. */
  fingerprint: string;
}

/** All that one transaction commits before the client is answered. */
export interface DurableSubmission {
  id: string;
  ownerKeyId: string;
  dialect: Dialect;
  /** As the client wrote it. */
  model: string;
  targets: readonly Target[];
  /** The credential that owns what this one starts from: nobody else can do it. */
  pinnedCredentialId?: string;
  input: DurableInput;
  /** What the ledger holds back until it is known what was used. */
  reservation: { unit: 'second' | 'image' | 'token'; amount: number };
  idempotency?: IdempotencyClaim;
  requestId: string;
  traceparent?: string;
  createdAtMs: number;
  deadlineAtMs: number;
}

/** A finished file of a generation, in our media store. */
export interface ResultFile {
  role: 'result' | 'thumbnail';
  media: StoredMedia;
  sha256: string;
}

/** A durable generation as its row tells it. */
export interface DurableGeneration {
  id: string;
  kind: DurableKind;
  ownerKeyId: string;
  dialect: Dialect;
  model: string;
  input: DurableInput;
  state: DurableState;
  status: GenerationStatus;
  /** 0–100, never falling. */
  progress: number;
  attempt: number;
  upstream?: string;
  upstreamModel?: string;
  credentialId?: string;
  operation?: JsonObject;
  files: readonly ResultFile[];
  /** What the upstream said of the result: the real duration, a revised prompt … */
  facts: JsonObject;
  error?: ErrorData;
  createdAtMs: number;
  startedAtMs?: number;
  finishedAtMs?: number;
  /** When the files are dropped by age. */
  expiresAtMs?: number;
  lastSequence: number;
  /** Grows with every change: what an ETag is made of. */
  version: number;
}
