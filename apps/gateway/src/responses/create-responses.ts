import type { Clock } from '@sluice/contracts/clock';
import type { GenerationReader } from '@sluice/domain-generations/generation-reader';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import { ResponseStore } from '@sluice/domain-responses/response-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { EarlierItems } from './earlier-items.js';
import { ResponseReader } from './response-reader.js';
import { ResponsesService } from './responses.service.js';

const DAY_MS = 24 * 60 * 60_000;

export interface Responses {
  service: ResponsesService;
  /** Drops what is past its time. */
  purge(): Promise<unknown>;
}

export function createResponses(options: {
  postgres: Queryable;
  generations: GenerationReader;
  live: LiveReader;
  retentionDays: number;
  clock: Clock;
}): Responses {
  const { postgres, generations, live, retentionDays, clock } = options;
  const store = new ResponseStore(postgres, clock);
  const reader = new ResponseReader({ store, generations, clock });
  const earlier = new EarlierItems({ store, reader });
  return {
    service: new ResponsesService({ store, reader, earlier, live, clock }),
    purge: () => store.purge(retentionDays * DAY_MS),
  };
}
