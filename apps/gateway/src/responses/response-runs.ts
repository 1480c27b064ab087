import type { Clock } from '@sluice/contracts/clock';
import { isFinal } from '@sluice/contracts/durable-generation';
import type { Part, PartRecord } from '@sluice/contracts/part';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { DurableLog } from '@sluice/domain-generations/durable-log';
import type { GenerationReader } from '@sluice/domain-generations/generation-reader';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { isBackground } from '@sluice/wire-openai-responses/encode-frame';
import type { Standing } from '@sluice/wire-openai-responses/encode-response';
import { toGenerationId } from '@sluice/wire-openai-responses/item-id';
import { toldSources } from '../generations/told-sources.js';
import { frameOf, showsSources } from './response-frame.js';

/** The generation that answers a response. */
export interface ResponseRun {
  /** Its whole log, once it has ended. */
  endedParts(): Promise<Part[] | undefined>;
  /** When it ended; now, where nobody has written it down. */
  endedAtMs(): Promise<number>;
  standing(): Promise<Standing>;
  /** All its parts, as they came and come. */
  follow(): Promise<PartTail>;
}

interface PartTail extends AsyncIterable<PartRecord[]> {
  close(): void;
}

export interface ResponseRunsOptions {
  interactive: Pick<GenerationReader, 'loadFinished' | 'findOwned'>;
  live: Pick<LiveReader, 'open'>;
  durable: Pick<DurableGenerations, 'find' | 'tail'>;
  log: Pick<DurableLog, 'read'>;
  clock: Clock;
}

/** A client waited for it, or it runs in the background: their logs are kept in different places. */
export class ResponseRuns {
  constructor(private readonly options: ResponseRunsOptions) {}

  of(response: StoredResponse): ResponseRun {
    const generationId = toGenerationId(response.id) ?? '';
    if (isBackground(frameOf(response))) return new BackgroundRun(this.options, response, generationId);
    return new WaitedRun(this.options, response, generationId);
  }
}

/** A generation that has no row by then, and no end, is not coming any more. */
const LOST_AFTER_MS = 60_000;
const LOST: Part = { type: 'failed', error: { code: 'unavailable', message: 'The response was lost.' } };

class WaitedRun implements ResponseRun {
  constructor(
    private readonly options: Pick<ResponseRunsOptions, 'interactive' | 'live' | 'clock'>,
    private readonly response: StoredResponse,
    private readonly generationId: string,
  ) {}

  async endedParts(): Promise<Part[] | undefined> {
    const { interactive, clock } = this.options;
    const { ownerKeyId, createdAtMs } = this.response;
    const records = await interactive.loadFinished(this.generationId);
    if (records) return partsOf(records);
    if (clock.now() - createdAtMs < LOST_AFTER_MS) return undefined;
    return (await interactive.findOwned(this.generationId, ownerKeyId)) ? undefined : [LOST];
  }

  async endedAtMs(): Promise<number> {
    return this.options.clock.now();
  }

  async standing(): Promise<Standing> {
    return 'in_progress';
  }

  follow(): Promise<LiveTail> {
    return this.options.live.open(this.generationId, 0);
  }
}

class BackgroundRun implements ResponseRun {
  constructor(
    private readonly options: Pick<ResponseRunsOptions, 'durable' | 'log' | 'clock'>,
    private readonly response: StoredResponse,
    private readonly generationId: string,
  ) {}

  async endedParts(): Promise<Part[] | undefined> {
    const generation = await this.find();
    // Committed with the response: gone, it was taken away.
    if (!generation) return [LOST];
    if (!isFinal(generation.state)) return undefined;
    const records = await this.options.log.read(this.generationId, 0);
    return partsOf(showsSources(this.response) ? await withSources(records) : records);
  }

  async endedAtMs(): Promise<number> {
    return (await this.find())?.finishedAtMs ?? this.options.clock.now();
  }

  /** One that was begun with does not go back, even while it waits to be made again. */
  async standing(): Promise<Standing> {
    const generation = await this.find();
    return generation && generation.startedAtMs === undefined ? 'queued' : 'in_progress';
  }

  async follow(): Promise<PartTail> {
    const tail = await this.options.durable.tail(this.generationId, 0);
    if (!showsSources(this.response)) return tail;
    const told = toldSources(tail);
    return { close: () => tail.close(), [Symbol.asyncIterator]: () => told };
  }

  private find() {
    return this.options.durable.find(this.generationId, this.response.ownerKeyId);
  }
}

async function withSources(records: PartRecord[]): Promise<PartRecord[]> {
  const told: PartRecord[] = [];
  for await (const some of toldSources([records])) told.push(...some);
  return told;
}

function partsOf(records: readonly PartRecord[]): Part[] {
  return records.map(({ part }) => part);
}
