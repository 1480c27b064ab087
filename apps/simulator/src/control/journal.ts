import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { Concurrency } from './concurrency.js';
import type { RequestRecord } from './request-record.js';

const keptRecords = 20_000;
const keptHeaders = 500;
const keptPromptCharacters = 400;

export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly key: string | undefined;
}

/** Remembers every received request: all are counted, the newest are kept with their detail. */
export class Journal {
  readonly concurrency = new Concurrency();
  readonly #watchers = new Set<() => void>();
  #ring: (RequestRecord | undefined)[] = [];
  #firstSequence = 0;
  #nextSequence = 0;

  constructor(readonly clock: Clock) {}

  open(arrival: Arrival): RequestRecord {
    const record = this.#newRecord(arrival);
    this.#ring[record.sequence % keptRecords] = record;
    const aging = this.#ring[(record.sequence - keptHeaders + keptRecords) % keptRecords];
    if (aging !== undefined) aging.rawHeaders = undefined;
    this.concurrency.enter(record.key);
    arrival.response.once('close', () => this.#close(record, arrival.response));
    return record;
  }

  /** Adds what was learnt from the body. */
  describe(record: RequestRecord, known: { model: string; prompt: string; bodyBytes: number }): void {
    record.model = known.model;
    // A slice would keep the whole of a large prompt alive, so that is copied.
    record.prompt = known.prompt.length <= keptPromptCharacters ? known.prompt : copyStart(known.prompt);
    record.bodyBytes = known.bodyBytes;
    this.#announce();
  }

  /** The kept records, oldest first. */
  *records(): Generator<RequestRecord> {
    for (let sequence = this.#oldestKept; sequence < this.#nextSequence; sequence += 1) {
      const record = this.#ring[sequence % keptRecords];
      if (record !== undefined) yield record;
    }
  }

  /** How many requests of this period are counted but no longer kept. */
  get forgotten(): number {
    return this.#oldestKept - this.#firstSequence;
  }

  /** Calls back on every change of a record until the returned function is called. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  clear(): void {
    this.#ring = [];
    this.#firstSequence = this.#nextSequence;
    this.concurrency.clear();
  }

  get #oldestKept(): number {
    return Math.max(this.#firstSequence, this.#nextSequence - keptRecords);
  }

  #newRecord({ request, path, key }: Arrival): RequestRecord {
    return {
      sequence: this.#nextSequence++,
      method: request.method ?? '',
      path,
      key,
      receivedAt: this.clock(),
      rawHeaders: request.rawHeaders,
      model: undefined,
      prompt: undefined,
      bodyBytes: 0,
      firstByteAt: undefined,
      finishedAt: undefined,
      abortedAt: undefined,
      status: undefined,
      refusedForMs: undefined,
      outcome: 'open',
    };
  }

  #close(record: RequestRecord, response: ServerResponse): void {
    record.finishedAt = this.clock();
    if (response.headersSent) {
      record.status = response.statusCode;
      record.firstByteAt ??= record.finishedAt;
    }
    if (record.outcome === 'open') {
      record.outcome = response.writableFinished ? 'finished' : 'aborted';
      if (record.outcome === 'aborted') record.abortedAt = record.finishedAt;
    }
    this.concurrency.leave(record.key);
    this.#announce();
  }

  #announce(): void {
    for (const onChange of this.#watchers) onChange();
  }
}

function copyStart(prompt: string): string {
  return Buffer.from(prompt.slice(0, keptPromptCharacters)).toString();
}
