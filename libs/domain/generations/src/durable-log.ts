import type { Part, PartRecord } from '@sluice/contracts/part';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { toRecords } from './live-channel.js';
import { findLogEnds, readDurableLog } from './durable-statements.js';

/** How far a log goes. */
export interface LogEnd {
  lastSequence: number;
  /** Nothing comes after it. */
  isFinal: boolean;
}

/** The event logs of durable generations as Postgres has them. */
export class DurableLog {
  constructor(private readonly postgres: Queryable) {}

  async read(generationId: string, afterSequence: number): Promise<PartRecord[]> {
    const rows = await readDurableLog.all(this.postgres, generationId, afterSequence);
    return rows
      .flatMap(({ first_sequence, parts }) => toRecords(first_sequence, parts))
      .filter(({ sequence }) => sequence > afterSequence);
  }

  async ends(ids: readonly string[]): Promise<Map<string, LogEnd>> {
    const rows = await findLogEnds.all(this.postgres, ids);
    return new Map(rows.map((row) => [row.id, { lastSequence: row.last_sequence, isFinal: row.is_final }]));
  }
}

/** What one write appended, as those who follow the log hear it. */
export interface Appended {
  generationId: string;
  lastSequence: number;
  parts: readonly Part[];
}
