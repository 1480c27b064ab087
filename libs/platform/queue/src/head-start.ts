import type { Clock } from '@sluice/contracts/clock';

/** Longer than a job needs to be on its way, and less than anybody notices. */
const LONGEST_MS = 2;

/** What a job is given that comes alone: who looks for others holds still until it is done, or for a moment. */
export class HeadStart {
  private isOn = false;
  private isFirst = false;
  private held: (() => void)[] = [];
  private cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** False where another has one. */
  begin(): boolean {
    if (this.isOn) return false;
    this.isOn = true;
    this.isFirst = true;
    this.cancel = this.clock.after(LONGEST_MS, () => this.end());
    return true;
  }

  end(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.isFirst = false;
    this.cancel?.();
    for (const resolve of this.held.splice(0)) resolve();
  }

  /** Undefined where nobody has one. */
  over(): Promise<void> | undefined {
    if (!this.isOn) return undefined;
    return new Promise((resolve) => this.held.push(resolve));
  }

  /** As `over`, for the first who asks: whoever comes later has a reason of its own. */
  overForFirst(): Promise<void> | undefined {
    if (!this.isFirst) return undefined;
    this.isFirst = false;
    return this.over();
  }
}
