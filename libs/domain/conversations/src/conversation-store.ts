import type { Clock } from '@sluice/contracts/clock';
import type { Message } from '@sluice/contracts/chat';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { boundTurns } from './bound-turns.js';
import type { ConversationKey } from './conversation-key.js';
import type { ConversationLimits } from './conversation-limits.js';
import { stripMedia } from './strip-media.js';
import type { TurnCache } from './turn-cache.js';
import type { Turn } from './turn.js';

export interface ConversationStoreOptions {
  postgres: Queryable;
  cache: TurnCache;
  clock: Clock;
  /** As they are now: operators change them. */
  limits(): ConversationLimits;
  /** Told of trouble with the cache, which the answer does not wait for. */
  onError(error: unknown): void;
}

/**
 * Conversations that are kept for callers. Turns are only added, in the order in which their answers were complete: calls
 * at once see what was there when they came, and lose nothing of each other.
 */
export class ConversationStore {
  constructor(private readonly options: ConversationStoreOptions) {}

  /** What is remembered, the oldest first; nothing when it was idle for too long. */
  async read(key: ConversationKey): Promise<Turn[]> {
    const { clock, limits } = this.options;
    const turns = await this.load(key);
    const last = turns.at(-1);
    if (!last) return [];
    if (last.createdAtMs < clock.now() - limits().idleMs) {
      // A turn that is added later must not bring the old ones back.
      await this.drop(key, last.sequence);
      return [];
    }
    return boundTurns(turns, limits());
  }

  /** Committed, and seen by every replica, when it resolves. */
  async append(key: ConversationKey, messages: readonly Message[]): Promise<void> {
    const { postgres, clock, limits } = this.options;
    const { maxBytes } = limits();
    const kept = [messages, stripMedia(messages)]
      .map((each) => JSON.stringify(each))
      .find((json) => Buffer.byteLength(json) <= maxBytes);
    if (kept === undefined) return;
    const bytes = Buffer.byteLength(kept);
    await this.change(key, () =>
      addTurn.run(postgres, key.ownerKeyId, key.conversation, kept, bytes, new Date(clock.now())),
    );
    await this.trim(key);
  }

  /** How many turns there were. */
  clear(key: ConversationKey): Promise<number> {
    return this.drop(key, null);
  }

  /** Forgets what was idle for longer than any answer takes beyond the time that is allowed. */
  async purge(graceMs: number): Promise<void> {
    const { postgres, clock, limits } = this.options;
    await purgeTurns.run(postgres, new Date(clock.now() - limits().idleMs - graceMs));
  }

  private async load(key: ConversationKey): Promise<Turn[]> {
    const { cache, onError } = this.options;
    const cached = await cache.read(key).catch(onError);
    if (cached?.turns) return cached.turns;
    const turns = await this.list(key);
    if (cached) await cache.fill(key, { version: cached.version, turns }).catch(onError);
    return turns;
  }

  private async list({ ownerKeyId, conversation }: ConversationKey): Promise<Turn[]> {
    const rows = await listTurns.all(this.options.postgres, ownerKeyId, conversation);
    return rows.map(({ sequence, messages, bytes, createdAt }) => ({
      sequence,
      bytes,
      createdAtMs: createdAt.getTime(),
      messages: JSON.parse(messages) as Message[],
    }));
  }

  /** Those that do not fit any more; only now and then, since they are not shown either. */
  private async trim(key: ConversationKey): Promise<void> {
    const { maxTurns, maxBytes, idleMs } = this.options.limits();
    const turns = await this.load(key);
    const isFar = turns.length > maxTurns || turns.reduce((sum, { bytes }) => sum + bytes, 0) > maxBytes;
    if (!isFar) return;
    const [first] = boundTurns(turns, { maxTurns, maxBytes, idleMs });
    const dropped = turns.filter(({ sequence }) => first !== undefined && sequence < first.sequence).at(-1);
    if (dropped) await this.drop(key, dropped.sequence);
  }

  private drop(key: ConversationKey, upTo: number | null): Promise<number> {
    return this.change(key, () => dropTurns.run(this.options.postgres, key.ownerKeyId, key.conversation, upTo));
  }

  /** Before, too: who dies in between leaves nothing that is wrong for long. */
  private async change(key: ConversationKey, write: () => Promise<number>): Promise<number> {
    await this.options.cache.forget(key);
    const count = await write();
    await this.options.cache.forget(key);
    return count;
  }
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

interface TurnRow {
  sequence: number;
  messages: string;
  bytes: number;
  createdAt: Date;
}

const listTurns = defineStatement<TurnRow, [ownerKeyId: string, conversation: string]>(sql('list-turns'));
const addTurn = defineStatement<
  object,
  [ownerKeyId: string, conversation: string, messages: string, bytes: number, createdAt: Date]
>(sql('add-turn'));
const dropTurns = defineStatement<object, [ownerKeyId: string, conversation: string, upTo: number | null]>(
  sql('drop-turns'),
);
const purgeTurns = defineStatement<object, [before: Date]>(sql('purge-turns'));
