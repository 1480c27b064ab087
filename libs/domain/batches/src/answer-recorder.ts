import type { Clock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { answerKey } from './batch-folder.js';
import type { BatchLine } from './batch-line.js';
import { recordAnswers } from './line-statements.js';

export interface AnswerRecorderOptions {
  postgres: Queryable;
  media: MediaStore;
  clock: Clock;
  holder: string;
  onError(error: unknown): void;
}

interface Answer {
  line: BatchLine;
  isFailed: boolean;
  text: string | undefined;
  key: string | undefined;
  done(): void;
}

/** Larger answers lie in the media store: a page of rows is held in memory when they are written out. */
const LARGEST_ROW = 64 * 1024;
const AGAIN_MS = 1_000;

/** Writes answers down, with each statement all that came while the one before ran. */
export class AnswerRecorder {
  private waiting: Answer[] = [];
  private isWriting = false;
  private isStopped = false;

  constructor(private readonly options: AnswerRecorderOptions) {}

  /** Resolves when it is on the disk, or is another's business. */
  async record(line: BatchLine, { isFailed, text }: { isFailed: boolean; text: string }): Promise<void> {
    const key = text.length > LARGEST_ROW ? await this.store(line, text) : undefined;
    return new Promise((done) => {
      this.waiting.push({ line, isFailed, text: key === undefined ? text : undefined, key, done });
      if (!this.isWriting) void this.write();
    });
  }

  /** What cannot be written now is left to whoever takes the lines next. */
  stop(): void {
    this.isStopped = true;
    for (const { done } of this.waiting.splice(0)) done();
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const [first] = this.waiting;
      const batchId = first?.line.batchId;
      const answers = this.waiting.filter(({ line }) => line.batchId === batchId);
      this.waiting = this.waiting.filter(({ line }) => line.batchId !== batchId);
      try {
        await this.run(batchId ?? '', answers);
        for (const { done } of answers) done();
      } catch (error) {
        this.options.onError(error);
        if (this.isStopped) for (const { done } of answers) done();
        else this.waiting.push(...answers);
        await new Promise<void>((resolve) => void this.options.clock.after(AGAIN_MS, resolve));
      }
    }
    this.isWriting = false;
  }

  private async run(batchId: string, answers: readonly Answer[]): Promise<void> {
    await recordAnswers.run(
      this.options.postgres,
      batchId,
      this.options.holder,
      answers.map(({ line }) => line.number),
      answers.map(({ isFailed }) => isFailed),
      // Postgres keeps no NUL; as JSON the text says it otherwise.
      answers.map(({ text }) => text?.replaceAll('\0', '') ?? null),
      answers.map(({ key }) => key ?? null),
    );
  }

  private async store({ batchId, number }: BatchLine, text: string): Promise<string> {
    const bytes = Buffer.from(text);
    const body = (async function* () {
      yield bytes;
    })();
    const key = answerKey(batchId, number);
    await this.options.media.put({ key, mediaType: 'application/json', body, maximumBytes: bytes.length });
    return key;
  }
}
