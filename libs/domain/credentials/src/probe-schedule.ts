import { MENDED_BY_PROBE, type PooledCredential } from './pooled-credential.js';

/** Every credential is looked at once in so long, each at its own moment, which is the same for every replica. */
const ROUND_SECONDS = 600;
const MOST_PER_LOOK = 200;

export interface ProbeDue {
  credentialId: string;
  /** It was refused, and its next try has come. */
  isRefused: boolean;
}

/** Whose time for a look has come within the last second. */
export class ProbeSchedule {
  private lastSecond: number | undefined;

  due(credentials: Iterable<PooledCredential>, nowMs: number): ProbeDue[] {
    const second = Math.floor(nowMs / 1_000);
    const first = this.lastSecond === undefined ? second : Math.max(this.lastSecond + 1, second - ROUND_SECONDS);
    this.lastSecond = second;
    const due: ProbeDue[] = [];
    for (const { row } of credentials) {
      if (!row.enabled) continue;
      const isRefused = MENDED_BY_PROBE.has(row.state);
      if (isRefused ? (row.nextTryAt?.getTime() ?? 0) <= nowMs : isTurn(row.id, first, second))
        due.push({ credentialId: row.id, isRefused });
      if (due.length === MOST_PER_LOOK) break;
    }
    return due.toSorted((left, right) => Number(right.isRefused) - Number(left.isRefused));
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
