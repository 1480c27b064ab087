import type { Redis } from '@sluice/platform-redis/redis';
import type { Appended } from './durable-log.js';
import type { LiveNames } from './live-channel.js';

/**
 * Tells those who follow a log of what was just committed, on any replica. It may fail: they look themselves soon after.
 * What is sent in one turn travels in one packet.
 */
export class DurableLive {
  constructor(private readonly options: { redis: Redis; names: LiveNames; onError(error: unknown): void }) {}

  tell(appended: readonly Appended[]): void {
    const { redis, names, onError } = this.options;
    for (const { generationId, lastSequence, parts } of appended) {
      if (parts.length === 0) continue;
      const message = `${generationId} ${lastSequence - parts.length + 1} ${JSON.stringify(parts)}`;
      redis.publish(names.generation(generationId), message).catch(onError);
    }
  }
}
