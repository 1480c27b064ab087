import type { CharacterRequest } from './character.js';
import type { ChatRequest } from './chat.js';
import type { Dialect } from './dialect.js';
import type { ErrorData } from './gateway-error.js';
import type { GenerationStatus, NativeBody } from './generation.js';
import type { ImageRequest } from './image.js';
import type { JsonObject } from './json.js';
import type { NamedFile } from './named-file.js';
import type { Target } from './route.js';
import type { ResultFile } from './stored-media.js';
import type { VideoRequest } from './video.js';

/** What is to be made where nobody has to wait on a socket: it is paid once and outlives every process. */
export type DurableInput =
  | { kind: 'video'; request: VideoRequest }
  | { kind: 'image'; request: ImageRequest }
  | { kind: 'character'; request: CharacterRequest }
  /**
   * A response that nobody waits for on a socket: its parts are kept, and can be followed from any place at any time.
   * `isGathered`: the upstream is asked for the whole answer.
   */
  | { kind: 'chat'; request: ChatRequest; native?: NativeBody; files?: readonly NamedFile[]; isGathered?: boolean };
export type DurableKind = DurableInput['kind'];
export const DURABLE_KINDS = ['video', 'image', 'character', 'chat'] as const satisfies readonly DurableKind[];

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
  /** Takes the key from whoever had it: a first attempt whose key is made of its own body. */
  supersedes?: true;
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
  reservation: { unit: 'second' | 'image' | 'character' | 'token'; amount: number };
  idempotency?: IdempotencyClaim;
  /** Where its end is told, beside the endpoints of its owner. */
  webhookUrl?: string;
  requestId: string;
  traceparent?: string;
  createdAtMs: number;
  deadlineAtMs: number;
}

export type { ResultFile } from './stored-media.js';

/** A durable generation as its row tells it. */
export interface DurableGeneration<Kind extends DurableKind = DurableKind> {
  id: string;
  kind: Kind;
  ownerKeyId: string;
  dialect: Dialect;
  model: string;
  input: Extract<DurableInput, { kind: Kind }>;
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
  /** Somebody wants it ended; what runs at the upstream is being told. */
  isCancelling: boolean;
  createdAtMs: number;
  startedAtMs?: number;
  finishedAtMs?: number;
  /** When the files are dropped by age. */
  expiresAtMs?: number;
  lastSequence: number;
  /** Grows with every change: what an ETag is made of. */
  version: number;
}

/** Narrows a generation to a video. */
export function isVideo(generation: DurableGeneration): generation is DurableGeneration & DurableGeneration<'video'> {
  return generation.kind === 'video';
}

/** Narrows a generation to pictures. */
export function isImage(generation: DurableGeneration): generation is DurableGeneration & DurableGeneration<'image'> {
  return generation.kind === 'image';
}

/** Narrows a generation to somebody who appears in videos. */
export function isCharacter(
  generation: DurableGeneration,
): generation is DurableGeneration & DurableGeneration<'character'> {
  return generation.kind === 'character';
}

/** What each state means to a client: every view has these five. */
export const STATUS_OF_STATE = {
  queued: 'queued',
  submitting: 'running',
  submit_unknown: 'running',
  submitted: 'running',
  collecting: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'failed',
} as const satisfies Record<DurableState, GenerationStatus>;

/** True once nothing changes any more. */
export function isFinal(state: DurableState): boolean {
  return !['queued', 'running'].includes(STATUS_OF_STATE[state]);
}
