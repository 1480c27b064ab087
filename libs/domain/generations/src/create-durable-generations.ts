import type { Clock } from '@sluice/contracts/clock';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import { DurableBell } from './durable-bell.js';
import { DurableGenerations } from './durable-generations.js';
import { DurableLive } from './durable-live.js';
import { DurableLog } from './durable-log.js';
import { DurableReader } from './durable-reader.js';
import { DurableSteps } from './durable-steps.js';
import { IdempotencyStore } from './idempotency-store.js';
import type { LiveNames } from './live-channel.js';
import { OperatorActions } from './operator-actions.js';
import { QueuePlaces } from './queue-places.js';

export interface CreateDurableGenerationsOptions {
  postgres: Postgres;
  producer: Producer;
  redis: Redis;
  subscriber: Redis;
  names: LiveNames;
  clock: Clock;
  onError(error: unknown): void;
}

/** What a gateway replica needs for durable generations, on its stores. */
export function createDurableGenerations(options: CreateDurableGenerationsOptions) {
  const { postgres, producer, redis, subscriber, names, clock, onError } = options;
  const log = new DurableLog(postgres);
  const reader = new DurableReader({ log, subscriber, names, clock, onError });
  const idempotency = new IdempotencyStore({ postgres });
  const bell = new DurableBell({ producer, onError });
  const live = new DurableLive({ redis, names, onError });
  const generations = new DurableGenerations({ postgres, reader, idempotency, bell, live, clock });
  const steps = new DurableSteps({ postgres, live, clock });
  const operators = new OperatorActions({ postgres, steps, bell, clock });
  const places = new QueuePlaces({ postgres, clock });
  return { operators, steps, generations, reader, log, idempotency, bell, live, places };
}
