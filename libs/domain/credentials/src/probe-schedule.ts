import { tellsQuotas } from '@sluice/manifests/model-offer';
import { MENDED_BY_PROBE, type PooledCredential } from './pooled-credential.js';

/** Every credential is looked at once in so long, each at its own moment, which is the same for every replica. */
const ROUND_SECONDS = 600;
const MOST_PER_LOOK = 200;
/** So many that are new here are asked what they have left. */
const MOST_NEW_PER_LOOK = 10;
/** One whose quota nobody knows is asked again so soon. */
const UNKNOWN_AGAIN_SECONDS = 30;
const REFRESHED_AGAIN_SECONDS = 5;

export interface ProbeDue {
  credentialId: string;
  /** It was refused, and its next try has come. */
  isRefused: boolean;
}

/** Whose time for a look has come within the last second. */
export class ProbeSchedule {
  private lastSecond: number | undefined;
  /** Those whose quota nobody knows: when they were asked for it, and with a session of when. */
  private readonly asked = new Map<string, { second: number; refreshedAtMs: number | undefined }>();
  private newInSecond = { second: 0, count: 0 };

  due(credentials: Iterable<PooledCredential>, nowMs: number): ProbeDue[] {
    const second = Math.floor(nowMs / 1_000);
    const first = this.lastSecond === undefined ? second : Math.max(this.lastSecond + 1, second - ROUND_SECONDS);
    this.lastSecond = second;
    const due: ProbeDue[] = [];
    for (const { row } of credentials) {
      if (!row.enabled) continue;
      const isRefused = MENDED_BY_PROBE.has(row.state);
      const isDue = isRefused
        ? (row.nextTryAt?.getTime() ?? 0) <= nowMs
        : isTurn(row.id, first, second) || this.isUnknown(row, second);
      if (isDue) due.push({ credentialId: row.id, isRefused });
      if (due.length === MOST_PER_LOOK) break;
    }
    return due.toSorted((left, right) => Number(right.isRefused) - Number(left.isRefused));
  }

  /** An account that is new here: what is left of it is asked at once, a few at a time. */
  private isUnknown({ id, upstream, kind, counters }: PooledCredential['row'], second: number): boolean {
    const isKnown = counters.quotas !== undefined || counters.account !== undefined;
    if (isKnown || !tellsQuotas({ upstream, kind })) return this.asked.delete(id) && false;
    const { refreshedAtMs } = counters;
    const before = this.asked.get(id);
    // One whose session has become fresh meanwhile is asked sooner.
    const pause = before?.refreshedAtMs === refreshedAtMs ? UNKNOWN_AGAIN_SECONDS : REFRESHED_AGAIN_SECONDS;
    if (before !== undefined && second - before.second < pause) return false;
    if (this.newInSecond.second !== second) this.newInSecond = { second, count: 0 };
    this.newInSecond.count += 1;
    if (this.newInSecond.count > MOST_NEW_PER_LOOK) return false;
    this.asked.set(id, { second, refreshedAtMs });
    return true;
  }
}

function isTurn(id: string, first: number, last: number): boolean {
  const moment = slotOf(id);
  for (let second = first; second <= last; second++) if (second % ROUND_SECONDS === moment) return true;
  return false;
}

/** Spread by the last digits, which are random. */
function slotOf(id: string): number {
  return Number.parseInt(id.slice(-6), 16) % ROUND_SECONDS || 0;
}
