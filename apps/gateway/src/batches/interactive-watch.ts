import type { Clock } from '@sluice/contracts/clock';

export interface InteractiveWatchOptions {
  clock: Pick<Clock, 'now'>;
  /** Tells the other replicas, for so long. */
  tell(forMs: number): Promise<unknown>;
  /** Whether another was told. */
  ask(): Promise<boolean>;
  onError(error: unknown): void;
}

/** After the last call. */
const BUSY_MS = 2_000;
const TELL_EVERY_MS = 500;
const ASK_EVERY_MS = 500;

/** Whether anybody waits on a socket now, at whichever replica: they share workers and stores. */
export class InteractiveWatch {
  private lastCallMs = -Infinity;
  private lastToldMs = -Infinity;
  private lastAskedMs = -Infinity;
  private isBusyElsewhere = false;

  constructor(private readonly options: InteractiveWatchOptions) {}

  /** Somebody called. */
  note(): void {
    const nowMs = this.options.clock.now();
    this.lastCallMs = nowMs;
    if (nowMs - this.lastToldMs < TELL_EVERY_MS) return;
    this.lastToldMs = nowMs;
    this.options.tell(BUSY_MS).catch(this.options.onError);
  }

  isBusy(): boolean {
    const nowMs = this.options.clock.now();
    if (nowMs - this.lastCallMs < BUSY_MS) return true;
    if (nowMs - this.lastAskedMs >= ASK_EVERY_MS) {
      this.lastAskedMs = nowMs;
      this.options.ask().then((isBusy) => void (this.isBusyElsewhere = isBusy), this.options.onError);
    }
    return this.isBusyElsewhere;
  }
}
