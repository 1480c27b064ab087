import { randomUUID } from 'node:crypto';
import type { Part } from '@sluice/contracts/part';
import { isTerminal } from '@sluice/contracts/part';
import { defineScript } from '@sluice/platform-redis/define-script';
import type { Redis } from '@sluice/platform-redis/redis';
import { toKept } from './kept-parts.js';
import type { LiveNames } from './live-channel.js';

const appendScript = defineScript<number>({
  name: 'append',
  url: new URL('../lua/append.1.lua', import.meta.url),
  keys: 1,
});

/** A log that still grows is kept this long after its last part; longer silences are an upstream's time-out. */
const OPEN_LOG_TTL_MS = 15 * 60_000;
/** A finished log is in its row by then. */
const CLOSED_LOG_TTL_MS = 30_000;

export interface LiveWriterOptions {
  redis: Redis;
  names: LiveNames;
  generationId: string;
  replyTo: string;
  /** The sequence of the last part that is already in the log: 0 for a new one. */
  lastSequence: number;
}

/**
 * Writes one generation's live log. Parts are sent as they come; what comes while an append is under way goes with
 * the next one, so nothing waits for a timer and a slow Redis is met by fewer, larger appends.
 */
export class LiveWriter {
  private readonly waiting: string[] = [];
  private readonly written: string[] = [];
  private sentCount = 0;
  private flushing: Promise<void> | undefined;
  private readonly token = randomUUID();
  private replaced = false;
  private closed = false;

  constructor(private readonly options: LiveWriterOptions) {}

  /** How many parts this writer has handed over, sent or not. */
  get count(): number {
    return this.written.length;
  }

  /** The sequence of the last part handed over. */
  get lastSequence(): number {
    return this.options.lastSequence + this.written.length;
  }

  /** True when another worker writes this log now: stop, and leave the row alone. */
  get isReplaced(): boolean {
    return this.replaced;
  }

  /** All parts so far as a row keeps them, as one JSON array. */
  get json(): string {
    return `[${this.written.join(',')}]`;
  }

  append(part: Part): void {
    const json = JSON.stringify(part);
    const kept = toKept(part);
    this.written.push(kept === part ? json : JSON.stringify(kept));
    this.waiting.push(json);
    if (isTerminal(part)) this.closed = true;
  }

  /** Sends what waits; resolves when everything handed over so far has been written. */
  flush(): Promise<void> {
    if (this.flushing === undefined && this.waiting.length > 0 && !this.replaced) this.flushing = this.send();
    return this.flushing ?? Promise.resolve();
  }

  /** Begun only where something waits, so that it never ends before `flush` has kept it. */
  private async send(): Promise<void> {
    try {
      while (this.waiting.length > 0 && !this.replaced) {
        const batch = this.waiting.splice(0);
        const firstSequence = this.options.lastSequence + this.sentCount + 1;
        this.sentCount += batch.length;
        await this.write(firstSequence, `[${batch.join(',')}]`);
      }
    } finally {
      this.flushing = undefined;
    }
  }

  private async write(firstSequence: number, partsJson: string): Promise<void> {
    const { redis, names, generationId, replyTo } = this.options;
    const isWhole = firstSequence === 1 && this.closed && this.waiting.length === 0;
    const reply = await appendScript.run(
      redis,
      [names.stream(generationId)],
      [
        firstSequence,
        partsJson,
        this.closed ? CLOSED_LOG_TTL_MS : OPEN_LOG_TTL_MS,
        names.replica(replyTo),
        names.generation(generationId),
        generationId,
        isWhole ? '1' : '0',
        this.token,
      ],
    );
    if (reply === 0) this.replaced = true;
  }
}

/** The sequence of the last part in a log, whoever wrote it; 0 where there is none. */
export async function readLastSequence(options: {
  redis: Redis;
  names: LiveNames;
  generationId: string;
}): Promise<number> {
  const entries = await options.redis.xrevrange(options.names.stream(options.generationId), '+', '-', 'COUNT', 1);
  const [entry] = entries;
  if (!entry) return 0;
  const [id, [, partsJson = '[]']] = entry;
  const parts = JSON.parse(partsJson) as unknown[];
  return Number.parseInt(id, 10) + parts.length - 1;
}
