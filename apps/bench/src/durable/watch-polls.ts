import { setTimeout as delay } from 'node:timers/promises';
import { videoModels } from '../upstream/videos-model.js';
import type { DurableStand } from './durable-stand.js';

/** What runs for long is looked at so often. */
export const LONGEST_INTERVAL_MS = 10_000;
/** Shorter than an interval: no look is missed. */
const SAMPLE_MS = 4_000;

export interface WatchedPolls {
  looks: number;
  /** Of every look: how long after it was due; less than zero where it came along with others. */
  lagsMs: number[];
  /** What is overdue at the end and was not looked at. */
  overdueMs: number;
}

/** Reads off the rows when they were due and when they were looked at. */
export async function watchPolls(stand: DurableStand, forMs: number): Promise<WatchedPolls> {
  const lagsMs: number[] = [];
  const endsAt = performance.now() + forMs;
  let before = await readDue(stand);
  while (performance.now() < endsAt) {
    await delay(Math.min(SAMPLE_MS, Math.max(0, endsAt - performance.now())));
    const after = await readDue(stand);
    for (const [id, dueMs] of after) {
      const dueBefore = before.get(id);
      if (dueBefore !== undefined && dueBefore !== dueMs) lagsMs.push(dueMs - LONGEST_INTERVAL_MS - dueBefore);
    }
    before = after;
  }
  const overdueMs = Math.max(0, ...[...before.values()].map((dueMs) => Date.now() - dueMs));
  return { looks: lagsMs.length, lagsMs, overdueMs };
}

async function readDue({ postgres }: DurableStand): Promise<Map<string, number>> {
  const { rows } = await postgres.query<{ id: string; due_ms: number }>({
    text: 'SELECT id, extract(epoch FROM poll_at)::float8 * 1000 AS due_ms FROM durable_generation WHERE model = $1',
    values: [videoModels.endless],
  });
  return new Map(rows.map(({ id, due_ms: dueMs }) => [id, dueMs]));
}
