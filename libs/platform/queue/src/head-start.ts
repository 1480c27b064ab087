import type { Clock } from '@sluice/contracts/clock';

/** Longer than a job needs to be on its way, and less than anybody notices. */
const LONGEST_MS = 2;

/** What a job is given that comes alone: who took it looks for no other until it is done, or for a moment. */
export class HeadStart {
  private isOn = false;
  private held: (() => void)[] = [];
  private cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** False where another has one. */
  begin(): boolean {
    if (this.isOn) return false;
    this.isOn = true;
    this.cancel = this.clock.after(LONGEST_MS, () => this.end());
    return true;
  }

  end(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.cancel?.();
    for (const resolve of this.held.splice(0)) resolve();
  }

  /** At once where nobody has one. */
  over(): Promise<void> {
    return this.isOn ? new Promise((resolve) => this.held.push(resolve)) : Promise.resolve();
  }
}
