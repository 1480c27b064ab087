import type { Queryable } from './queryable.js';
import { defineStatement } from './statement.js';

export interface PartitionUpkeep {
  readonly retentionDays: number;
  readonly nowMs: number;
}

export interface PartitionUpkeepResult {
  /** How many days got their partition. */
  readonly created: number;
  /** Names of the partitions that were past the retention. */
  readonly dropped: string[];
}

const DAYS_AHEAD = 2;
const DAY_MS = 86_400_000;

/**
 * Makes the partitions of today and of the next two days and drops what is past the retention. Any process may call it at
 * any time, best every hour; callers at the same time take turns. It gives up with SQLSTATE 55P03 rather than let inserts wait.
 */
export async function maintainGenerationPartitions(
  on: Queryable,
  upkeep: PartitionUpkeep,
): Promise<PartitionUpkeepResult> {
  const created = await createPartitions.first(on, DAYS_AHEAD, new Date(upkeep.nowMs));
  const before = new Date(upkeep.nowMs - upkeep.retentionDays * DAY_MS);
  const dropped = await dropPartitions.all(on, before);
  return { created: created?.created ?? 0, dropped: dropped.map((row) => row.name) };
}

const createPartitions = defineStatement<{ created: number }, [daysAhead: number, now: Date]>({
  name: 'create-generation-partitions',
  url: new URL('../sql/create-generation-partitions.sql', import.meta.url),
});

const dropPartitions = defineStatement<{ name: string }, [before: Date]>({
  name: 'drop-generation-partitions',
  url: new URL('../sql/drop-generation-partitions.sql', import.meta.url),
});
