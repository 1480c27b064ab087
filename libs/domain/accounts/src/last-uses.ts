import type { Clock } from '@sluice/contracts/clock';

export interface LastUsesOptions {
  clock: Clock;
  /** How often they are written. */
  everyMs: number;
  write(lastUses: ReadonlyMap<string, number>): Promise<void>;
  onError(error: unknown): void;
}

/** When each key was used last, written in batches: a use costs one entry in a map. */
export class LastUses {
  private uses = new Map<string, number>();
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: LastUsesOptions) {}

  note(keyId: string): void {
    const { clock, everyMs } = this.options;
    this.uses.set(keyId, clock.now());
    this.cancelTimer ??= clock.after(everyMs, () => void this.flush());
  }

  async flush(): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (this.uses.size === 0) return;
    const { uses } = this;
    this.uses = new Map();
    // Lost when it fails: the next use tells the same again.
    await this.options.write(uses).catch((error: unknown) => this.options.onError(error));
  }
}
