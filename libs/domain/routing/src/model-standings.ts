import type { Clock } from '@sluice/contracts/clock';
import type { Target } from '@sluice/contracts/route';

/** How a model has done lately, in the whole cluster. What clients did wrong counts for nothing. */
export interface ModelStanding {
  upstream: string;
  model: string;
  succeeded: number;
  failed: number;
  lastSucceededAt: Date | null;
  lastFailedAt: Date | null;
}

export interface ModelStandingsOptions {
  read(): Promise<ModelStanding[]>;
  clock: Clock;
  onError(error: unknown): void;
}

const STALE_AFTER_MS = 15_000;
/** A model whose last answer was a failure is asked last for so long. */
const COOLING_MS = 5 * 60_000;

/** What `auto` orders by. Read only while somebody asks, and never waited for: the first to ask finds all equal. */
export class ModelStandings {
  private known: ReadonlyMap<string, ModelStanding> = new Map();
  private readAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ModelStandingsOptions) {}

  /** The best first: none that cools, then by success rate; equals stay in their order. */
  order(targets: readonly Target[]): Target[] {
    this.refreshWhenStale();
    const nowMs = this.options.clock.now();
    const score = (target: Target) => scoreOf(this.known.get(keyOf(target)), nowMs);
    return targets.toSorted((left, right) => score(right) - score(left));
  }

  private refreshWhenStale(): void {
    const { clock, read, onError } = this.options;
    if (clock.now() - this.readAtMs < STALE_AFTER_MS) return;
    this.readAtMs = clock.now();
    read().then((rows) => {
      this.known = new Map(rows.map((row) => [keyOf(row), row]));
    }, onError);
  }
}

/** From 0 to 1 by success; below 0 while it cools. An untried model is trusted. */
function scoreOf(standing: ModelStanding | undefined, nowMs: number): number {
  if (!standing) return 1;
  const { succeeded, failed, lastSucceededAt, lastFailedAt } = standing;
  const rate = succeeded / Math.max(1, succeeded + failed);
  const failedMs = lastFailedAt?.getTime() ?? 0;
  const isCooling = failedMs > (lastSucceededAt?.getTime() ?? 0) && nowMs - failedMs < COOLING_MS;
  return isCooling ? rate - 2 : rate;
}

function keyOf({ upstream, model }: { upstream: string; model: string }): string {
  return `${upstream} ${model}`;
}
