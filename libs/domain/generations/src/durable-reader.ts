import type { Clock } from '@sluice/contracts/clock';
import type { Redis } from '@sluice/platform-redis/redis';
import type { DurableLog } from './durable-log.js';
import { type LiveNames, parseLiveMessage, toRecords } from './live-channel.js';
import { LiveTail } from './live-tail.js';

/** What Redis did not tell is found in the rows this much later. */
const CHECK_INTERVAL_MS = 1_000;
const IDS_PER_CHECK = 2_000;

export interface DurableReaderOptions {
  log: Pick<DurableLog, 'read' | 'ends'>;
  /** For listening only. */
  subscriber: Redis;
  names: LiveNames;
  clock: Clock;
  onError(error: unknown): void;
}

/** Follows the logs of durable generations for a gateway replica: rows hold them, Redis only says at once what is new. */
export class DurableReader {
  private readonly watched = new Map<string, Set<LiveTail>>();
  private stopTimer: (() => void) | undefined;

  constructor(private readonly options: DurableReaderOptions) {}

  start(): void {
    this.options.subscriber.on('message', (_channel: string, text: string) => this.receive(text));
    this.schedule();
  }

  stop(): void {
    this.stopTimer?.();
    for (const tails of this.watched.values()) for (const tail of tails) tail.close();
  }

  /** How many tails are open. */
  get size(): number {
    let size = 0;
    for (const tails of this.watched.values()) size += tails.size;
    return size;
  }

  /** From after a sequence number to the end, which may be long past. */
  async open(generationId: string, afterSequence: number): Promise<LiveTail> {
    const tail = new LiveTail(generationId, afterSequence, () => this.forget(tail));
    const tails = this.watched.get(generationId);
    if (tails) tails.add(tail);
    else {
      this.watched.set(generationId, new Set([tail]));
      const { subscriber, names, onError } = this.options;
      // Without Redis the looks at the rows go on.
      subscriber.subscribe(names.generation(generationId)).catch(onError);
    }
    try {
      await this.refill(tail);
      await this.look([generationId]);
    } catch (error) {
      // Nobody has it, so nobody else would close it.
      tail.close();
      throw error;
    }
    return tail;
  }

  private forget(tail: LiveTail): void {
    const { generationId } = tail;
    const tails = this.watched.get(generationId);
    tails?.delete(tail);
    if (tails?.size !== 0) return;
    this.watched.delete(generationId);
    const { subscriber, names, onError } = this.options;
    subscriber.unsubscribe(names.generation(generationId)).catch(onError);
  }

  private receive(text: string): void {
    const message = parseLiveMessage(text);
    const tails = message && this.watched.get(message.generationId);
    if (!tails) return;
    const records = toRecords(message.firstSequence, message.partsJson);
    for (const tail of tails) if (!tail.offer(records)) this.refill(tail).catch(this.options.onError);
  }

  private async refill(tail: LiveTail): Promise<void> {
    tail.offer(await this.options.log.read(tail.generationId, tail.next - 1));
  }

  private schedule(): void {
    this.stopTimer = this.options.clock.after(CHECK_INTERVAL_MS, () => {
      this.lookAtAll()
        .catch(this.options.onError)
        .finally(() => this.schedule());
    });
  }

  private async lookAtAll(): Promise<void> {
    const ids = [...this.watched.keys()];
    for (let start = 0; start < ids.length; start += IDS_PER_CHECK)
      await this.look(ids.slice(start, start + IDS_PER_CHECK));
  }

  private async look(ids: readonly string[]): Promise<void> {
    const ends = await this.options.log.ends(ids);
    for (const id of ids) {
      const end = ends.get(id);
      for (const tail of this.watched.get(id) ?? []) {
        if (end !== undefined && end.lastSequence >= tail.next) await this.refill(tail);
        // Removed, or a place after the end: nothing more will come.
        else if (end === undefined || end.isFinal) tail.close();
      }
    }
  }
}
