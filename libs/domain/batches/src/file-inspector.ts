import { createHash } from 'node:crypto';
import type { BatchProblem } from '@sluice/contracts/batch';
import { LONGEST_LINE_BYTES, MOST_LINES } from './batch-limits.js';
import { type FileLine, LineSplitter } from './line-splitter.js';

/** What a line asks for, or why it asks for nothing. */
export type LineReading = { customId: string; model: string | undefined } | { problem: Omit<BatchProblem, 'line'> };

export interface InspectedLine {
  number: number;
  customId: string;
  position: number;
  length: number;
}

export interface FileInspectorOptions {
  readLine(text: string): LineReading;
  /** Told of every good line, many at a time. */
  keep(lines: readonly InspectedLine[]): Promise<void>;
}

const KEPT_AT_ONCE = 1_000;
/** Who wrote the file has enough to do with these. */
const MOST_PROBLEMS = 100;

/** Looks through a file as it comes by: no more than a line is held, and for each line before a few bytes. */
export class FileInspector {
  readonly problems: BatchProblem[] = [];
  total = 0;
  model: string | undefined;
  private readonly splitter = new LineSplitter(LONGEST_LINE_BYTES);
  /** Digests: the names themselves may be long. */
  private readonly customIds = new Set<string>();
  private waiting: InspectedLine[] = [];

  constructor(private readonly options: FileInspectorOptions) {}

  /** Nothing more needs to be read. */
  get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS || this.total > MOST_LINES;
  }

  async take(piece: Uint8Array): Promise<void> {
    await this.inspectAll(this.splitter.push(piece));
  }

  async end(): Promise<void> {
    await this.inspectAll(this.splitter.flush());
    await this.keepWaiting();
    if (this.total === 0 && this.problems.length === 0)
      this.problems.push({ code: 'empty_file', message: 'The file has no lines.' });
  }

  private async inspectAll(lines: readonly FileLine[]): Promise<void> {
    for (const line of lines) {
      if (this.isFull) return;
      this.inspect(line);
      if (this.waiting.length >= KEPT_AT_ONCE) await this.keepWaiting();
    }
  }

  private inspect(line: FileLine): void {
    const { number, position, length, content } = line;
    this.total += 1;
    if (this.total > MOST_LINES) {
      const message = `A batch has at most ${MOST_LINES} requests.`;
      this.problems.push({ code: 'too_many_tasks', message, line: number });
      return;
    }
    const reading = this.read(content);
    const problem = 'problem' in reading ? reading.problem : this.compare(reading);
    if (problem) this.problems.push({ ...problem, line: number });
    else if ('customId' in reading) this.waiting.push({ number, position, length, customId: reading.customId });
  }

  private read(content: Buffer | undefined): LineReading {
    if (content) return this.options.readLine(content.toString());
    const message = `This line is longer than ${LONGEST_LINE_BYTES} bytes.`;
    return { problem: { code: 'line_too_long', message } };
  }

  /** With the lines before. */
  private compare({ customId, model }: { customId: string; model: string | undefined }) {
    const digest = createHash('sha256').update(customId).digest('base64').slice(0, 24);
    if (this.customIds.has(digest)) {
      const message = 'The custom_id of this line is that of a line before; each must be another.';
      return { code: 'duplicate_custom_id', message, param: 'custom_id' };
    }
    this.customIds.add(digest);
    this.model ??= model;
    if (model === this.model) return undefined;
    const message = `All requests of a batch name one model; the first names '${this.model}'.`;
    return { code: 'mismatched_model', message, param: 'body.model' };
  }

  private async keepWaiting(): Promise<void> {
    const lines = this.waiting;
    this.waiting = [];
    // Of a file that is refused nothing will be run.
    if (lines.length > 0 && this.problems.length === 0) await this.options.keep(lines);
  }
}
