import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { GenerationLog } from '@sluice/domain-generations/generation-log';

export interface GenerationLogServiceOptions {
  log: GenerationLog;
  generations: Pick<DurableGenerations, 'cancel' | 'remove'>;
  /** Of a generation, whoever it belongs to. */
  findOwner(id: string): Promise<string | undefined>;
  store: Pick<MediaStore, 'delete'>;
}

/** What operators see of all generations, and do to them whoever they belong to. */
export class GenerationLogService {
  constructor(private readonly options: GenerationLogServiceOptions) {}

  async list(query: unknown) {
    const { entries: generations, ...rest } = await this.options.log.generations(query);
    return { generations, ...rest };
  }

  async requests(query: unknown) {
    const { entries: requests, ...rest } = await this.options.log.requests(query);
    return { requests, ...rest };
  }

  /** As its owner would: what was not submitted ends at once, the rest shortly after where its upstream can end it. */
  async cancel(id: string) {
    const generation = await this.options.generations.cancel(id, await this.ownerOf(id));
    if (!generation) throw missing(id);
    const { state, status, isCancelling } = generation;
    return { id, state, status, isCancelling };
  }

  /** With its files. */
  async remove(id: string): Promise<void> {
    const outcome = await this.removeOf(id, await this.ownerOf(id));
    if (outcome === 'missing') throw missing(id);
    if (outcome === 'running')
      throw new GatewayError('not_ready', 'It is still being made. Cancel it, or wait for its end.', { param: 'id' });
  }

  /** What has ended, with its files; answers how many that were. */
  async clear(body: unknown): Promise<{ removed: number }> {
    let removed = 0;
    for await (const page of this.options.log.ended(body))
      for (const { id, ownerKeyId } of page) if ((await this.removeOf(id, ownerKeyId)) === 'removed') removed += 1;
    return { removed };
  }

  private removeOf(id: string, ownerKeyId: string) {
    const { generations, store } = this.options;
    const deleteFiles = async (generation: DurableGeneration) => {
      for (const key of keysOf(generation)) await store.delete(key);
    };
    return generations.remove({ id, ownerKeyId, deleteFiles });
  }

  private async ownerOf(id: string): Promise<string> {
    const owner = await this.options.findOwner(id);
    if (owner === undefined) throw missing(id);
    return owner;
  }
}

/** Its results, and the pictures that were sent for it. What it started from is another's. */
function keysOf({ files, input }: DurableGeneration): string[] {
  const references = input.kind === 'video' ? (input.request.references ?? []) : [];
  return [...files, ...references].map(({ media }) => media.key);
}

function missing(id: string): GatewayError {
  return new GatewayError('not_found', `There is no durable generation '${id.slice(0, 64)}'.`, { param: 'id' });
}
