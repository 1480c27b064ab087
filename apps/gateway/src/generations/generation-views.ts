import { createHash } from 'node:crypto';
import { DURABLE_KINDS, type DurableGeneration, isFinal } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { GenerationStatus } from '@sluice/contracts/generation';
import type { GenerationView } from '@sluice/contracts/generation-view';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { type GenerationReader, toGenerationView } from '@sluice/domain-generations/generation-reader';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import type { QueuePlaces } from '@sluice/domain-generations/queue-places';
import { type LinkTo, toDurableView } from './durable-view.js';
import type { GenerationPipeline } from './generation-pipeline.service.js';

export interface GenerationViewsOptions {
  durable: DurableGenerations;
  places: QueuePlaces;
  interactive: GenerationReader;
  live: LiveReader;
  pipeline: GenerationPipeline;
}

/** What is to be followed: its events, and where it stands while it has none. */
export interface Followed {
  tail: LiveTail;
  place?: () => Promise<{ position: number; etaSeconds: number | undefined } | undefined>;
}

/** Interactive and durable generations in one view, for whoever made them. */
export class GenerationViews {
  constructor(private readonly options: GenerationViewsOptions) {}

  async find(id: string, ownerKeyId: string, link?: LinkTo): Promise<GenerationView> {
    const { durable, places, interactive } = this.options;
    const generation = await durable.find(id, ownerKeyId);
    if (generation) return toDurableView(generation, await places.place(generation), link);
    const row = await interactive.findOwned(id, ownerKeyId);
    if (!row) throw notFound(id);
    return toGenerationView(row);
  }

  /** The newest first; undefined for a cursor that is no generation's id. One more than asked tells that there are more. */
  async list(page: {
    ownerKeyId: string;
    after?: string;
    status?: GenerationStatus;
    limit: number;
  }): Promise<GenerationView[] | undefined> {
    const { durable, interactive } = this.options;
    const [made, rows] = await Promise.all([
      durable.list({ ...page, kinds: DURABLE_KINDS }),
      interactive.listOwned(page),
    ]);
    if (!made || !rows) return undefined;
    const timed = [
      ...made.map((generation) => ({ atMs: generation.createdAtMs, view: toDurableView(generation) })),
      ...rows.map((row) => ({ atMs: row.created_at.getTime(), view: toGenerationView(row) })),
    ];
    return timed
      .toSorted((left, right) => right.atMs - left.atMs)
      .slice(0, page.limit + 1)
      .map(({ view }) => view);
  }

  async follow(id: string, ownerKeyId: string, afterSequence: number): Promise<Followed> {
    const { durable, places, interactive, live } = this.options;
    const generation = await durable.find(id, ownerKeyId);
    if (generation) {
      const tail = await durable.tail(id, afterSequence);
      return isFinal(generation.state) ? { tail } : { tail, place: () => this.placeOf(id, ownerKeyId, places) };
    }
    if (!(await interactive.findOwned(id, ownerKeyId))) throw notFound(id);
    return { tail: await live.open(id, afterSequence) };
  }

  /** Idempotent: what has ended stays as it is. */
  async cancel(id: string, ownerKeyId: string): Promise<GenerationView> {
    const { durable, interactive, pipeline } = this.options;
    const generation: DurableGeneration | undefined = await durable.cancel(id, ownerKeyId);
    if (generation) return toDurableView(generation);
    const row = await interactive.findOwned(id, ownerKeyId);
    if (!row) throw notFound(id);
    if (!row.finished_at) await pipeline.cancelById(id);
    return this.find(id, ownerKeyId);
  }

  private async placeOf(id: string, ownerKeyId: string, places: QueuePlaces) {
    const generation = await this.options.durable.find(id, ownerKeyId);
    return generation && places.place(generation);
  }
}

/** Changes with whatever a client can see. */
export function etagOf(view: GenerationView): string {
  return `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)}"`;
}

/** Until it is worth asking again; undefined for what has ended. */
export function retryAfterSeconds({ status, position }: GenerationView): number | undefined {
  if (status === 'running') return 2;
  if (status !== 'queued') return undefined;
  return Math.min(2 + Math.floor((position ?? 0) / 10), 30);
}

function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `No generation with the id '${id}'.`, { param: 'id' });
}
