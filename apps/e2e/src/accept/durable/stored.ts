import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedSluice } from '../../harness/start-sluice.js';

/** What a call can leave behind. */
export interface Counts {
  generations: number;
  ledgerLines: number;
  idempotencyKeys: number;
  files: number;
}

export interface GenerationRow {
  id: string;
  prompt: string;
  state: string;
}

/** What Sluice has stored, seen past its API. */
export interface Stored {
  counts(): Promise<Counts>;
  /** Of the videos whose prompt begins so. */
  videos(prompt: string): Promise<GenerationRow[]>;
  /** Of those: what was reserved, and what became of it. */
  ledger(prompt: string): Promise<{ reserved: number; settled: number; refunded: number }>;
  close(): Promise<void>;
}

const COUNTS = `SELECT (SELECT count(*)::int FROM durable_generation) AS generations,
  (SELECT count(*)::int FROM ledger) AS ledger_lines, (SELECT count(*)::int FROM idempotency_key) AS idempotency_keys`;
const VIDEOS = `SELECT id, state, input::json -> 'request' ->> 'prompt' AS prompt FROM durable_generation
  WHERE kind = 'video' AND starts_with(input::json -> 'request' ->> 'prompt', $1)`;
const LEDGER = `SELECT ledger.kind, sum(amount)::float8 AS amount FROM ledger JOIN durable_generation ON id = generation_id
  WHERE starts_with(input::json -> 'request' ->> 'prompt', $1) GROUP BY ledger.kind`;

export function openStored({ run, home }: StartedSluice): Stored {
  const postgres = createPostgres({ url: run.databaseUrl, applicationName: 'accept', poolSize: 2 });
  return {
    async counts() {
      const { rows } = await postgres.query<{ generations: number; ledger_lines: number; idempotency_keys: number }>({
        text: COUNTS,
      });
      const [row] = rows;
      return {
        generations: row?.generations ?? 0,
        ledgerLines: row?.ledger_lines ?? 0,
        idempotencyKeys: row?.idempotency_keys ?? 0,
        files: await countFiles(join(home, 'media')),
      };
    },
    videos: async (prompt) => (await postgres.query<GenerationRow>({ text: VIDEOS, values: [prompt] })).rows,
    async ledger(prompt) {
      const { rows } = await postgres.query<{ kind: string; amount: number }>({ text: LEDGER, values: [prompt] });
      const of = (kind: string) => rows.find((row) => row.kind === kind)?.amount ?? 0;
      return { reserved: of('reserve'), settled: of('settle'), refunded: of('refund') };
    },
    close: () => postgres.close(),
  };
}

async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}
