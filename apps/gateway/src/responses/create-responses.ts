import type { Clock } from '@sluice/contracts/clock';
import type { GenerationReader } from '@sluice/domain-generations/generation-reader';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import { ResponseStore } from '@sluice/domain-responses/response-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { Conversations } from '../conversations/create-conversations.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import { BackgroundService } from './background.service.js';
import { EarlierItems } from './earlier-items.js';
import { ResponseReader } from './response-reader.js';
import { ResponseRuns } from './response-runs.js';
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
  durable: Pick<Durable, 'generations' | 'pipeline' | 'log'>;
  conversations: Pick<Conversations, 'around' | 'remember'>;
  claimRules(): ClaimRules;
  retentionDays: number;
  clock: Clock;
  onError(error: unknown): void;
}): Responses {
  const { postgres, generations: interactive, live, durable, conversations, retentionDays, clock } = options;
  const { generations, log } = durable;
  const store = new ResponseStore(postgres, clock);
  const runs = new ResponseRuns({ interactive, live, durable: generations, log, clock });
  const reader = new ResponseReader({ store, runs, remember: conversations.remember });
  const earlier = new EarlierItems({ store, reader });
  const { claimRules, onError } = options;
  const { around } = conversations;
  const { pipeline } = durable;
  const background = new BackgroundService({
    store,
    reader,
    earlier,
    pipeline,
    generations,
    around,
    claimRules,
    clock,
  });
  const keptMs = retentionDays * DAY_MS;
  return {
    service: new ResponsesService({ store, reader, runs, earlier, background, clock, onError }),
    purge: () => Promise.all([store.purge(keptMs), generations.purgeChats(keptMs)]),
  };
}
