import type { Clock } from '@sluice/contracts/clock';
import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { countBefore, findDurables, measurePace } from './durable-statements.js';

/** How a generation stands in its queue, as far as can be told. */
export interface QueuePlace {
  /** How many are before it. */
  position: number;
  /** Until its end; unknown where nothing of its kind has ended lately. */
  etaSeconds: number | undefined;
}

interface Pace {
  runSeconds: number;
  gapSeconds: number;
}

/** Beyond this nobody counts: it is a long way off either way. */
const MOST_COUNTED = 10_000;
const PACE_KEPT_MS = 5_000;
const PACE_SINCE_MS = 24 * 60 * 60_000;

/** Positions and expected ends, from the rows: a place is counted anew, the pace of an upstream every few seconds. */
export class QueuePlaces {
  private readonly paces = new Map<string, { pace: Promise<Pace | undefined>; untilMs: number }>();

  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** Undefined for what does not wait. */
  async place(generation: DurableGeneration): Promise<QueuePlace | undefined> {
    if (generation.state !== 'queued') return undefined;
    const { postgres, clock } = this.options;
    const [row] = await findDurables.all(postgres, [generation.id]);
    if (row?.state !== 'queued') return undefined;
    const counted = await countBefore.first(postgres, row.queue_upstream, row.created_at, row.id, MOST_COUNTED);
    const position = counted?.before ?? 0;
    const pace = await this.paceOf(row.queue_upstream, clock.now());
    const etaSeconds = pace && Math.ceil((position + 1) * pace.gapSeconds + pace.runSeconds);
    return { position, etaSeconds };
  }

  private paceOf(upstream: string, nowMs: number): Promise<Pace | undefined> {
    const known = this.paces.get(upstream);
    if (known && known.untilMs > nowMs) return known.pace;
    const pace = this.measure(upstream, nowMs);
    this.paces.set(upstream, { pace, untilMs: nowMs + PACE_KEPT_MS });
    pace.catch(() => this.paces.delete(upstream));
    return pace;
  }

  private async measure(upstream: string, nowMs: number): Promise<Pace | undefined> {
    const row = await measurePace.first(this.options.postgres, upstream, new Date(nowMs - PACE_SINCE_MS));
    return row && row.ended > 0 ? { runSeconds: row.run_seconds, gapSeconds: row.gap_seconds } : undefined;
  }
}
