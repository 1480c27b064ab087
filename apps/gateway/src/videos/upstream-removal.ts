import type { Clock } from '@sluice/contracts/clock';
import type { TendedCredential } from '@sluice/contracts/jobs';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import type { CredentialCalls } from '../admin/credential-calls.js';
import type { Video } from './videos.service.js';

export interface UpstreamRemovalOptions {
  clock: Clock;
  calls: Pick<CredentialCalls, 'removeWork'>;
  /** Whether something is being made of it. */
  isNeeded(video: Video): Promise<boolean>;
  /** Hears of each that was not removed, whether its client still waited or not. */
  onLeft(videoId: string, answer: Pick<TendedCredential, 'credentialId' | 'code' | 'message'>): void;
}

/** What is said of it while its client waits: `pending` is neither. */
export type RemovalTold = 'removed' | 'pending' | `failed (${string})`;

/** A client's deletion waits no longer than this for what becomes of the account's own copy. */
const TOLD_WITHIN_MS = 1_500;

const KEEPERS: ReadonlySet<string> = new Set(
  UPSTREAMS.filter(({ kinds }) => Object.values(kinds).some(({ keepsWork }) => keepsWork)).map(({ id }) => id),
);

/** Has what a deleted video left at its upstream's account removed as well, as far as that can be done. */
export class UpstreamRemoval {
  constructor(private readonly options: UpstreamRemovalOptions) {}

  /** Never rejects. Undefined where nothing of it lies anywhere. */
  async remove(video: Video): Promise<RemovalTold | undefined> {
    const { id, upstream, credentialId, operation } = video;
    if (!upstream || !credentialId || !operation || !KEEPERS.has(upstream)) return undefined;
    const reason = await this.reasonToLeave(video);
    if (reason) {
      this.options.onLeft(id, { credentialId, ...reason });
      return `failed (${reason.code})`;
    }
    const account = { id: credentialId, upstream };
    const told = this.options.calls.removeWork({ kind: 'video', operation }, account).then((answer) => {
      if (answer.isUsable) return 'removed' as const;
      // Its vendor keeps nothing.
      if (answer.code === 'unsupported') return undefined;
      this.options.onLeft(id, answer);
      return `failed (${answer.code ?? 'unknown'})` as const;
    });
    return Promise.race([told, this.later()]);
  }

  /** An extension that is queued, or under way there, would fail without the draft that it goes on from. */
  private reasonToLeave(video: Video): Promise<{ code: string; message: string } | undefined> {
    return this.options.isNeeded(video).then(
      (isNeeded) => (isNeeded ? { code: 'in_use', message: 'Something is being made of it.' } : undefined),
      () => ({ code: 'unavailable', message: 'It could not be seen whether something is being made of it.' }),
    );
  }

  private later(): Promise<'pending'> {
    return new Promise((resolve) => void this.options.clock.after(TOLD_WITHIN_MS, () => resolve('pending')));
  }
}
