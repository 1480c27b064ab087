import type { Clock } from '@sluice/contracts/clock';
import { credentialStateSchema, type CredentialState } from '@sluice/contracts/credential';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';
import { sumTallies, type TallySums } from './tally-statements.js';

const countsSchema = z.object({ images: z.int(), videos: z.int(), errors: z.int() });

export const poolStatisticsSchema = z.object({
  upstreams: z.array(
    z.object({
      upstream: z.string(),
      total: z.int(),
      /** Of the total, served by the simulator. */
      demo: z.int(),
      byState: z.partialRecord(credentialStateSchema, z.int()),
      /** Credentials that are at work now, and the leases of them. */
      inUse: z.int(),
      leases: z.int(),
      /** What its accounts have made, and where they failed; today's in UTC. */
      made: countsSchema,
      madeToday: countsSchema,
      /** When the first of those that rest is tried again. */
      nextFreeAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type PoolStatisticsView = z.infer<typeof poolStatisticsSchema>;

/** The pool at a glance, per upstream. */
export class PoolStatistics {
  constructor(
    private readonly options: {
      postgres: Queryable;
      clock: Clock;
      countInUse?: () => Promise<ReadonlyMap<string, number>>;
    },
  ) {}

  async read(): Promise<PoolStatisticsView> {
    const { postgres, clock } = this.options;
    const now = new Date(clock.now());
    const [rows, uses, sums] = await Promise.all([
      countStates.all(postgres, now),
      this.readUses(),
      sumTallies.all(postgres, now),
    ]);
    return {
      upstreams: UPSTREAMS.map(({ id }) => ({
        ...summarise(
          id,
          rows.filter(({ upstream }) => upstream === id),
        ),
        ...madeBy(sums.find(({ upstream }) => upstream === id)),
        inUse: uses.filter(({ upstream }) => upstream === id).length,
        leases: uses.reduce((total, { upstream, count }) => (upstream === id ? total + count : total), 0),
      })),
    };
  }

  private async readUses(): Promise<{ upstream: string; count: number }[]> {
    const counts = (await this.options.countInUse?.()) ?? new Map<string, number>();
    if (counts.size === 0) return [];
    const owners = await findUpstreams.all(this.options.postgres, [...counts.keys()]);
    return owners.map(({ id, upstream }) => ({ upstream, count: counts.get(id) ?? 0 }));
  }
}

interface StateRow {
  upstream: string;
  demo: boolean;
  state: CredentialState;
  count: number;
  nextTryAt: Date | null;
}

function summarise(
  upstream: string,
  rows: readonly StateRow[],
): Omit<PoolStatisticsView['upstreams'][number], 'inUse' | 'leases' | 'made' | 'madeToday'> {
  const byState: Partial<Record<CredentialState, number>> = {};
  for (const { state, count } of rows) byState[state] = (byState[state] ?? 0) + count;
  const times = rows.flatMap(({ nextTryAt }) => (nextTryAt === null ? [] : [nextTryAt.getTime()]));
  return {
    upstream,
    total: sum(rows),
    demo: sum(rows.filter(({ demo }) => demo)),
    byState,
    nextFreeAt: times.length === 0 ? null : new Date(Math.min(...times)).toISOString(),
  };
}

function madeBy(sums: TallySums | undefined): Pick<PoolStatisticsView['upstreams'][number], 'made' | 'madeToday'> {
  const { images = 0, videos = 0, errors = 0, imagesToday = 0, videosToday = 0, errorsToday = 0 } = sums ?? {};
  return {
    made: { images, videos, errors },
    madeToday: { images: imagesToday, videos: videosToday, errors: errorsToday },
  };
}

const sum = (rows: readonly StateRow[]): number => rows.reduce((total, { count }) => total + count, 0);

const countStates = defineStatement<StateRow, [now: Date]>({
  name: 'count-credential-states',
  url: new URL('../sql/count-credential-states.sql', import.meta.url),
});

const findUpstreams = defineStatement<{ id: string; upstream: string }, [ids: readonly string[]]>({
  name: 'find-credential-upstreams',
  url: new URL('../sql/find-credential-upstreams.sql', import.meta.url),
});
