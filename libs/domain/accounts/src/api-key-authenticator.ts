import { createHmac, hash as digest, timingSafeEqual } from 'node:crypto';
import { systemClock, type Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Listener } from '@sluice/platform-postgres/listener';
import { watchChanges } from '@sluice/platform-postgres/watch-changes';
import { LONGEST_API_KEY } from './api-key.js';
import type { ApiKeyLimits } from './api-key-limits.js';
import type { ApiKeyRepository } from './api-key-repository.js';
import { BoundedMap } from './bounded-map.js';
import { LastUses } from './last-uses.js';
import { isUsable, type StoredApiKey } from './stored-api-key.js';

/** Who calls. */
export interface Caller {
  keyId: string;
  name: string;
  limits: ApiKeyLimits;
}

export interface ApiKeyAuthenticatorOptions {
  repository: Pick<ApiKeyRepository, 'findByHash' | 'touch'>;
  listener: Listener;
  pepper: Buffer;
  clock?: Clock;
  onError(error: unknown): void;
}

interface KnownKey {
  caller: Caller;
  key: StoredApiKey;
}

const KNOWN_CAPACITY = 50_000;
const REFUSED_CAPACITY = 10_000;
const REFUSED_MS = 30_000;
const TOUCH_EVERY_MS = 60_000;

/**
 * Tells callers by their keys, from memory where the key was seen before: then it answers at once, without a promise.
 * Memory is kept right by the database's notices, so that a disabled key ends within milliseconds everywhere.
 */
export class ApiKeyAuthenticator {
  private readonly clock: Clock;
  /** What the database knows a key by, by a digest that costs a seventh of it. */
  private readonly hashes = new BoundedMap<string>(KNOWN_CAPACITY);
  private readonly known = new BoundedMap<KnownKey>(KNOWN_CAPACITY);
  /** Two while a rotated key and the one before it both open. */
  private readonly hashesOf = new BoundedMap<readonly string[]>(KNOWN_CAPACITY);
  private readonly refused = new BoundedMap<number>(REFUSED_CAPACITY);
  private readonly lookups = new Map<string, Promise<Caller>>();
  private readonly lastUses: LastUses;
  private readonly stopWatching: () => void;
  /** Grows with every notice: an answer that was asked for before one is not kept. */
  private version = 0;

  constructor(private readonly options: ApiKeyAuthenticatorOptions) {
    this.clock = options.clock ?? systemClock;
    this.lastUses = new LastUses({
      clock: this.clock,
      everyMs: TOUCH_EVERY_MS,
      write: (lastUses) => options.repository.touch(lastUses),
      onError: options.onError,
    });
    this.stopWatching = watchChanges(options.listener, {
      table: 'api_key',
      onChange: (id) => this.forget(id),
      onGap: () => this.forgetAll(),
    });
  }

  /** Throws (or rejects with) `unauthenticated` for what is no key, or no longer one. */
  authenticate(presented: string | undefined): Caller | Promise<Caller> {
    if (presented === undefined || presented === '') {
      throw refusal('An API key is required: Authorization: Bearer <key>.');
    }
    if (presented.length > LONGEST_API_KEY) throw refusal();
    const hash = this.hashOf(presented);
    const known = this.known.get(hash);
    if (known !== undefined) return this.admit(known);
    const refusedUntilMs = this.refused.get(hash);
    if (refusedUntilMs !== undefined && refusedUntilMs > this.clock.now()) throw refusal();
    return this.lookUp(hash);
  }

  /** Writes the last uses that wait. */
  async close(): Promise<void> {
    this.stopWatching();
    await this.lastUses.flush();
  }

  private hashOf(presented: string): string {
    const name = digest('sha256', presented, 'base64');
    const seen = this.hashes.get(name);
    if (seen !== undefined) return seen;
    const hash = createHmac('sha256', this.options.pepper).update(presented).digest('base64');
    this.hashes.set(name, hash);
    return hash;
  }

  private admit({ caller, key }: KnownKey): Caller {
    if (!isUsable(key, this.clock.now())) throw refusal();
    this.lastUses.note(caller.keyId);
    return caller;
  }

  /** One look-up per key, however many ask. */
  private lookUp(hash: string): Promise<Caller> {
    const running = this.lookups.get(hash);
    if (running !== undefined) return running;
    const lookup = this.ask(hash).finally(() => this.lookups.delete(hash));
    this.lookups.set(hash, lookup);
    return lookup;
  }

  private async ask(hash: string): Promise<Caller> {
    const asked = Buffer.from(hash, 'base64');
    const askedAt = this.version;
    const key = await this.find(asked);
    if (key === undefined || !timingSafeEqual(key.hash, asked)) {
      if (askedAt === this.version) this.refused.set(hash, this.clock.now() + REFUSED_MS);
      throw refusal();
    }
    const known = { key, caller: { keyId: key.id, name: key.name, limits: key.limits } };
    if (askedAt === this.version) {
      this.known.set(hash, known);
      this.hashesOf.set(key.id, [...(this.hashesOf.get(key.id) ?? []).filter((other) => other !== hash), hash]);
    }
    return this.admit(known);
  }

  private async find(hash: Buffer): Promise<StoredApiKey | undefined> {
    try {
      return await this.options.repository.findByHash(hash);
    } catch (error) {
      throw new GatewayError('unavailable', 'API keys cannot be checked right now; try again shortly.', {
        cause: error,
        retryAfterMs: 1_000,
      });
    }
  }

  private forget(keyId: string): void {
    this.version += 1;
    // Whichever key was added may be one that was refused before.
    this.refused.clear();
    for (const hash of this.hashesOf.get(keyId) ?? []) this.known.delete(hash);
    this.hashesOf.delete(keyId);
  }

  private forgetAll(): void {
    this.version += 1;
    this.refused.clear();
    this.known.clear();
    this.hashesOf.clear();
  }
}

function refusal(message = 'The API key is not valid.'): GatewayError {
  return new GatewayError('unauthenticated', message);
}
