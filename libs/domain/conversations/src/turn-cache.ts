import { createHash } from 'node:crypto';
import { defineScript } from '@sluice/platform-redis/define-script';
import type { Redis } from '@sluice/platform-redis/redis';
import type { ConversationKey } from './conversation-key.js';
import type { Turn } from './turn.js';

/** Bounds for how long a writer that dies between its commit and its word to the cache can be overlooked. */
const KEPT_MS = 60_000;

const script = (name: string) =>
  defineScript<number>({ name, url: new URL(`../lua/${name}.1.lua`, import.meta.url), keys: 1 });
const fillTurns = script('fill-turns');
const forgetTurns = script('forget-turns');

export interface CachedTurns {
  version: string;
  turns: Turn[] | undefined;
}

/** Turns as the database had them, for every replica. */
export class TurnCache {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async read(key: ConversationKey): Promise<CachedTurns> {
    const [version, turns] = await this.redis.hmget(this.nameOf(key), 'version', 'turns');
    return { version: version ?? '0', turns: turns == null ? undefined : (JSON.parse(turns) as Turn[]) };
  }

  /** `version` is what was read before the database was. */
  async fill(key: ConversationKey, { version, turns }: { version: string; turns: readonly Turn[] }): Promise<void> {
    await fillTurns.run(this.redis, [this.nameOf(key)], [version, JSON.stringify(turns), KEPT_MS]);
  }

  async forget(key: ConversationKey): Promise<void> {
    await forgetTurns.run(this.redis, [this.nameOf(key)], [KEPT_MS]);
  }

  private nameOf({ ownerKeyId, conversation }: ConversationKey): string {
    const hash = createHash('sha256').update(conversation).digest('base64url');
    return `${this.prefix}:conversation:${ownerKeyId}:${hash}`;
  }
}
