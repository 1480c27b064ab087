import type { Clock } from '@sluice/contracts/clock';
import { InFlight } from '@sluice/contracts/in-flight';
import type { Redis } from '@sluice/platform-redis/redis';
import type { LiveNames } from './live-channel.js';

/** How long a cancellation is remembered for a job that has not started yet. */
const REMEMBERED_MS = 60_000;

/** Tells every worker: only one of them holds the job, and nobody knows which. */
export async function broadcastCancel(options: {
  redis: Redis;
  names: LiveNames;
  generationId: string;
}): Promise<void> {
  await options.redis.publish(options.names.cancel, options.generationId);
}

/** A worker's ear for cancellations. */
export class CancelListener {
  private readonly running = new InFlight<AbortController>();
  private readonly recent = new Map<string, number>();

  constructor(private readonly options: { subscriber: Redis; names: LiveNames; clock: Clock }) {}

  async start(): Promise<void> {
    const { subscriber, names } = this.options;
    subscriber.on('message', (channel: string, generationId: string) => {
      if (channel === names.cancel) this.cancel(generationId);
    });
    await subscriber.subscribe(names.cancel);
  }

  /** A signal that aborts when the generation is cancelled, even if that was said shortly before. */
  register(generationId: string): AbortController {
    const controller = new AbortController();
    this.running.set(generationId, controller);
    if (this.recent.has(generationId)) controller.abort();
    return controller;
  }

  unregister(generationId: string): void {
    this.running.delete(generationId);
  }

  private cancel(generationId: string): void {
    const now = this.options.clock.now();
    for (const [id, atMs] of this.recent) {
      if (now - atMs < REMEMBERED_MS) break;
      this.recent.delete(id);
    }
    this.recent.set(generationId, now);
    this.running.get(generationId)?.abort();
  }
}
