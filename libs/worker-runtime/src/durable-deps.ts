import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { CredentialSource, LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import type { Slot } from '@sluice/domain-credentials/slot-keeper';
import type { DurableBell } from '@sluice/domain-generations/durable-bell';
import type { DurableSteps } from '@sluice/domain-generations/durable-steps';
import type { AttemptLimits } from '@sluice/domain-settings/ways-out';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { FilePlacer } from './file-placer.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Where the steps of durable generations get credentials from, and what becomes of them. */
export interface SlotSource extends Pick<CredentialSource, 'lease' | 'release'> {
  open(credentialId: string): Lease | undefined;
  detach(lease: Lease, outcome: LeaseOutcome): Promise<void>;
}

/** All that the steps of durable generations need. */
export interface DurableDeps<Credential> {
  upstream: Upstream<Credential>;
  source: SlotSource;
  slots: { free(slot: Slot): Promise<void> };
  keeper: Pick<LeaseKeeper, 'keep'>;
  steps: DurableSteps;
  bell: Pick<DurableBell, 'ring' | 'ringFor' | 'ringPoll'>;
  media: Pick<MediaStore, 'put' | 'list' | 'delete'>;
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
  /** Brings files to the upstream that a conversation names. */
  placer?: FilePlacer;
  /** The way out for a lease: its proxy, its permission to reach private addresses. */
  httpFor(lease: Lease): HttpPort;
  /** Where a vendor sends us for a file, a credential's permission to reach private addresses holds too. */
  isPrivateStorageAllowed: boolean;
  timing: DurableTiming;
  /** How often a conversation is tried, as the operator says now. */
  attempts?(): AttemptLimits;
  clock: Clock;
  random(): number;
  onUnexpected(error: unknown, generationId: string): void;
}

export interface DurableTiming {
  /** From the intent until the upstream's word that it took the work. Less than `lookUpAfterMs`. */
  submitTimeoutMs: number;
  /** A look-up that finds nothing counts only so long after the intent: longer than a process may pause. */
  lookUpAfterMs: number;
  /** A conversation of which nothing was heard for so long has lost its worker: much more than one beat. */
  silenceMs: number;
  /** Between two look-ups. */
  lookUpGapMs: number;
  /** An outcome that nobody could tell in this time is given up. */
  unknownMs: number;
  /** The first look after a submission, and the longest time between two. */
  firstPollMs: number;
  longestPollMs: number;
  /** Nothing at an upstream is looked at more often. */
  shortestTickMs: number;
  /** One call about running work, and one fetch of a file. */
  callTimeoutMs: number;
  collectTimeoutMs: number;
  /** Finished files are kept so long. */
  keepFilesMs: number;
  largestFileBytes: number;
  /** Fetches of one generation's files. */
  mostCollects: number;
}

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

export const DURABLE_TIMING: DurableTiming = {
  submitTimeoutMs: 50 * SECOND_MS,
  lookUpAfterMs: 60 * SECOND_MS,
  silenceMs: 12 * SECOND_MS,
  lookUpGapMs: 10 * SECOND_MS,
  unknownMs: DAY_MS,
  firstPollMs: SECOND_MS,
  longestPollMs: 10 * SECOND_MS,
  shortestTickMs: 500,
  callTimeoutMs: 30 * SECOND_MS,
  collectTimeoutMs: 15 * 60 * SECOND_MS,
  keepFilesMs: 30 * DAY_MS,
  largestFileBytes: 4 * 1024 ** 3,
  mostCollects: 10,
};
