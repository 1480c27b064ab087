import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { InFlight } from '@sluice/contracts/in-flight';
import { isTerminal, type PartRecord } from '@sluice/contracts/part';
import type { Redis } from '@sluice/platform-redis/redis';
import { type LiveNames, parseLiveMessage, toRecords } from './live-channel.js';
import { LiveTail } from './live-tail.js';

/** How silent a tail must be before it is looked after; doubled at each look that finds nothing. */
const SILENCE_MS = 2_000;
const LONGEST_SILENCE_MS = 20_000;
const CHECK_INTERVAL_MS = 500;
/** Looks in a row that find neither parts, nor row, nor job, before a generation is called lost. */
const LOOKS_BEFORE_LOST = 2;

/** Looks in a row that Redis did not answer, before a client is told. */
const BLIND_LOOKS_BEFORE_END = 3;

export interface LiveReaderOptions {
  /** For commands. */
  redis: Redis;
  /** For listening only. */
  subscriber: Redis;
  names: LiveNames;
  replicaId: string;
  clock: Clock;
  /** The whole log of a finished generation, from its row. */
  loadFinished(generationId: string): Promise<PartRecord[] | undefined>;
  /** Whether any queue still holds the generation's job. */
  isAlive(generationId: string): Promise<boolean>;
  onError(error: unknown): void;
}

interface Watched {
  tail: LiveTail;
  heardAtMs: number;
  patienceMs: number;
  emptyLooks: number;
  blindLooks: number;
  isOwn: boolean;
}

/**
 * Follows live logs for a gateway replica. Parts arrive over one subscription, whatever the number of tails;
 * whatever is lost on the way is read again from the stream, and after its end from the row.
 */
export class LiveReader {
  private readonly watched = new InFlight<Set<Watched>>();
  private stopTimer: (() => void) | undefined;

  constructor(private readonly options: LiveReaderOptions) {}

  async start(): Promise<void> {
    const { subscriber, names, replicaId } = this.options;
    subscriber.on('message', (_channel: string, text: string) => this.receive(text));
    // After a reconnect anything may have been missed.
    subscriber.on('ready', () => this.refillAll());
    await subscriber.subscribe(names.replica(replicaId));
    this.scheduleCheck();
  }

  stop(): void {
    this.stopTimer?.();
    for (const set of this.watched.values()) for (const { tail } of set) tail.close();
  }

  /** How many tails are open. */
  get size(): number {
    let size = 0;
    for (const set of this.watched.values()) size += set.size;
    return size;
  }

  /** Follows a generation that this replica is about to enqueue: nothing can have been written yet. */
  openOwn(generationId: string): LiveTail {
    return this.watch(generationId, { afterSequence: 0, isOwn: true }).tail;
  }

  /** Follows any generation, from after a sequence number, whoever answers it. */
  async open(generationId: string, afterSequence: number): Promise<LiveTail> {
    const watched = this.watch(generationId, { afterSequence, isOwn: false });
    await this.options.subscriber.subscribe(this.options.names.generation(generationId));
    await this.refill(watched);
    return watched.tail;
  }

  private watch(generationId: string, how: { afterSequence: number; isOwn: boolean }): Watched {
    const tail = new LiveTail(generationId, how.afterSequence, () => this.forget(watched));
    const watched: Watched = {
      tail,
      heardAtMs: this.options.clock.now(),
      patienceMs: SILENCE_MS,
      emptyLooks: 0,
      blindLooks: 0,
      isOwn: how.isOwn,
    };
    const set = this.watched.get(generationId);
    if (set) set.add(watched);
    else this.watched.set(generationId, new Set([watched]));
    return watched;
  }

  private forget(watched: Watched): void {
    const { generationId } = watched.tail;
    const set = this.watched.get(generationId);
    set?.delete(watched);
    if (set?.size === 0) this.watched.delete(generationId);
    const isLastStranger = !watched.isOwn && ![...(set ?? [])].some((other) => !other.isOwn);
    if (!isLastStranger) return;
    const channel = this.options.names.generation(generationId);
    this.options.subscriber.unsubscribe(channel).catch(this.options.onError);
  }

  private receive(text: string): void {
    const message = parseLiveMessage(text);
    const set = message && this.watched.get(message.generationId);
    if (!set) return;
    const records = toRecords(message.firstSequence, message.partsJson);
    for (const watched of set) {
      watched.heardAtMs = this.options.clock.now();
      watched.patienceMs = SILENCE_MS;
      watched.emptyLooks = 0;
      if (!watched.tail.offer(records)) this.refill(watched).catch(this.options.onError);
    }
  }

  private refillAll(): void {
    for (const set of this.watched.values()) {
      for (const watched of set) this.refill(watched).catch(this.options.onError);
    }
  }

  /** Reads what the stream holds, else what the row holds. Returns whether anything was there. */
  private async refill({ tail }: Watched): Promise<boolean> {
    const { redis, names, loadFinished } = this.options;
    const entries = await redis.xrange(names.stream(tail.generationId), '-', '+');
    for (const [id, fields] of entries) {
      const [, partsJson = '[]'] = fields;
      const records = toRecords(Number.parseInt(id, 10), partsJson);
      // A reader whose place is after the end of the log has nothing more to wait for.
      if (tail.offer(records) && records.some(({ part }) => isTerminal(part))) tail.close();
    }
    if (entries.length > 0) return true;
    const finished = await loadFinished(tail.generationId);
    if (!finished) return false;
    tail.offer(finished);
    // A log that ended before the reader's place has nothing more to say.
    tail.close();
    return true;
  }

  private scheduleCheck(): void {
    this.stopTimer = this.options.clock.after(CHECK_INTERVAL_MS, () => {
      this.scheduleCheck();
      const now = this.options.clock.now();
      for (const set of this.watched.values()) {
        for (const watched of set) {
          if (now - watched.heardAtMs >= watched.patienceMs)
            this.lookAfter(watched, now).catch((error: unknown) => this.onBlindLook(watched, error));
        }
      }
    });
  }

  /** A store that does not answer is no proof of loss, but nobody is left hanging on it. */
  private onBlindLook(watched: Watched, error: unknown): void {
    this.options.onError(error);
    watched.blindLooks += 1;
    if (watched.blindLooks < BLIND_LOOKS_BEFORE_END) return;
    watched.tail.fail(new GatewayError('unavailable', 'The queue cannot be reached.', { retryAfterMs: 5_000 }));
  }

  private async lookAfter(watched: Watched, now: number): Promise<void> {
    watched.heardAtMs = now;
    watched.patienceMs = Math.min(watched.patienceMs * 2, LONGEST_SILENCE_MS);
    const isFound = await this.refill(watched);
    if (watched.tail.isEnded) return;
    const isAlive = await this.options.isAlive(watched.tail.generationId);
    watched.blindLooks = 0;
    watched.emptyLooks = isAlive ? 0 : watched.emptyLooks + 1;
    if (watched.emptyLooks < LOOKS_BEFORE_LOST) return;
    const message = isFound
      ? 'The worker that answered this request is gone; what was sent is incomplete.'
      : 'The request was lost before a worker took it. It is safe to send it again.';
    watched.tail.fail(
      new GatewayError(isFound ? 'upstream_interrupted' : 'unavailable', message, { retryAfterMs: 1_000 }),
    );
  }
}
