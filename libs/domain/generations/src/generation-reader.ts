import type { Part, PartRecord } from '@sluice/contracts/part';
import { generationTimeMs } from '@sluice/contracts/generation-id';
import type { GenerationView } from '@sluice/contracts/generation-view';
import type { GenerationKind, GenerationStatus } from '@sluice/contracts/generation';
import { fromKept } from './kept-parts.js';
import type { GenerationRow } from './generation-row.js';

/** A row of a request this young may still be on its way to Postgres. */
const YOUNG_MS = 2_000;
const SECOND_LOOK_MS = 200;

/** A part of an owner's generations, the newest first. */
export interface GenerationPage {
  ownerKeyId: string;
  /** Goes on after this one. */
  after?: { id: string; createdAt: Date };
  status?: GenerationStatus;
  limit: number;
}

export interface GenerationReaderOptions {
  find(id: string, createdAt: Date): Promise<GenerationRow | undefined>;
  list(page: GenerationPage): Promise<GenerationRow[]>;
  now(): number;
  sleep(delayMs: number): Promise<void>;
}

/** Reads rows back. Whoever asks must own what is asked for: another's id is as unknown as none. */
export class GenerationReader {
  constructor(private readonly options: GenerationReaderOptions) {}

  async findOwned(id: string, ownerKeyId: string): Promise<GenerationRow | undefined> {
    const row = await this.find(id);
    return row?.owner_key_id === ownerKeyId ? row : undefined;
  }

  /** One more than asked tells that there are more. Undefined for a cursor that is no generation's id. */
  async listOwned(query: {
    ownerKeyId: string;
    after?: string;
    status?: GenerationStatus;
    limit: number;
  }): Promise<GenerationRow[] | undefined> {
    const { ownerKeyId, after, status, limit } = query;
    const afterMs = after === undefined ? undefined : generationTimeMs(after);
    if (after !== undefined && afterMs === undefined) return undefined;
    return this.options.list({
      ownerKeyId,
      limit: limit + 1,
      ...(status && { status }),
      ...(after !== undefined && afterMs !== undefined && { after: { id: after, createdAt: new Date(afterMs) } }),
    });
  }

  /** The whole event log of a generation that has ended. */
  async loadFinished(id: string): Promise<PartRecord[] | undefined> {
    const createdAtMs = generationTimeMs(id);
    if (createdAtMs === undefined) return undefined;
    const row = await this.options.find(id, new Date(createdAtMs));
    if (!row?.finished_at) return undefined;
    const kept = row.events === null ? [endOf(row)] : (JSON.parse(row.events) as Part[]);
    const firstSequence = Math.max(row.last_sequence - kept.length, 0) + 1;
    return fromKept(kept).map((part, offset) => ({ sequence: firstSequence + offset, part }));
  }

  private async find(id: string): Promise<GenerationRow | undefined> {
    const createdAtMs = generationTimeMs(id);
    if (createdAtMs === undefined) return undefined;
    const createdAt = new Date(createdAtMs);
    const row = await this.options.find(id, createdAt);
    if (row || this.options.now() - createdAtMs > YOUNG_MS) return row;
    await this.options.sleep(SECOND_LOOK_MS);
    return this.options.find(id, createdAt);
  }
}

/** A row that ended without a log, such as one cancelled before a worker had it. */
function endOf(row: GenerationRow): Part {
  if (row.status === 'succeeded') return { type: 'succeeded' };
  if (row.status === 'cancelled') return { type: 'cancelled', reason: 'Cancelled.' };
  return { type: 'failed', error: row.error ?? { code: 'internal', message: 'Failed without a reason.' } };
}

export function toGenerationView(row: GenerationRow): GenerationView {
  return {
    id: row.id,
    object: 'generation',
    kind: row.kind as GenerationKind,
    status: row.status,
    model: row.model,
    upstream: row.upstream,
    upstream_model: row.upstream_model,
    attempts: row.attempt,
    position: null,
    eta_seconds: null,
    progress: row.finished_at && row.status === 'succeeded' ? 100 : null,
    created_at: seconds(row.created_at),
    started_at: row.started_at && seconds(row.started_at),
    completed_at: row.finished_at && seconds(row.finished_at),
    last_event: row.last_sequence,
    usage: row.usage,
    error: row.error && {
      code: row.error.code,
      message: row.error.message,
      ...(row.error.param ? { param: row.error.param } : {}),
    },
  };
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
