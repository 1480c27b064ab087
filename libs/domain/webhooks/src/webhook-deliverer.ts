import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { claimDeliveries } from './delivery-statements.js';
import type { WebhookCourier } from './webhook-courier.js';
import type { ClaimedRow } from './webhook-rows.js';

export interface WebhookDelivererOptions {
  postgres: Queryable;
  courier: Pick<WebhookCourier, 'deliver'>;
  clock: Clock;
  onError(error: unknown): void;
  /** How many at once, and how many of one endpoint: a slow one holds up itself alone. */
  atOnce?: number;
  atOncePerEndpoint?: number;
}

const AT_ONCE = 32;
const AT_ONCE_PER_ENDPOINT = 4;
/** Who was told has come before; this finds retries, and what a lost deliverer had. */
const LOOK_EVERY_MS = 1_000;
/** Well beyond the longest attempt. */
const TAKEN_MS = 40_000;
/** What runs when we go down may still end. */
const GRACE_MS = 1_000;

/** Takes what is due and has it delivered. Any number of replicas do so side by side: the rows say who has what. */
export class WebhookDeliverer {
  private readonly running = new Map<Promise<void>, string>();
  private readonly ending = new AbortController();
  private cancelTimer = () => {};
  private looking: Promise<unknown> | undefined;
  private isAsked = false;
  private isLooking = false;

  constructor(private readonly options: WebhookDelivererOptions) {}

  start(): void {
    this.isLooking = true;
    this.wake();
  }

  /** Something may be due. */
  wake(): void {
    this.isAsked = true;
    if (!this.isLooking || this.looking) return;
    this.cancelTimer();
    this.looking = this.look();
  }

  /** What does not end soon is given back. */
  async stop(): Promise<void> {
    this.isLooking = false;
    this.cancelTimer();
    await this.looking;
    const cancel = this.options.clock.after(GRACE_MS, () => this.ending.abort());
    await this.settled();
    cancel();
  }

  /** Takes as many of those that are due as there is room for; answers how many. */
  async takeDue(): Promise<number> {
    const { postgres, clock, atOnce = AT_ONCE, atOncePerEndpoint = AT_ONCE_PER_ENDPOINT } = this.options;
    const room = atOnce - this.running.size;
    if (room <= 0) return 0;
    const nowMs = clock.now();
    const claimed = await claimDeliveries.all(
      postgres,
      new Date(nowMs),
      room,
      atOncePerEndpoint,
      this.busyEndpoints(atOncePerEndpoint),
      new Date(nowMs + TAKEN_MS),
    );
    for (const delivery of claimed) this.run(delivery);
    return claimed.length;
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.keys());
  }

  private async look(): Promise<void> {
    while (this.isAsked && this.isLooking) {
      this.isAsked = false;
      try {
        await this.takeDue();
      } catch (error) {
        this.options.onError(error);
      }
    }
    // At once after the last look at `isAsked`: who asks now begins a new one.
    this.looking = undefined;
    if (this.isLooking) this.cancelTimer = this.options.clock.after(LOOK_EVERY_MS, () => this.wake());
  }

  private run(delivery: ClaimedRow): void {
    const { courier, onError } = this.options;
    // A delivery whose end could not be noted is taken again when its time is over.
    const running = courier
      .deliver(delivery, this.ending.signal)
      .catch(onError)
      .finally(() => {
        this.running.delete(running);
        this.wake();
      });
    this.running.set(running, delivery.endpoint_id);
  }

  private busyEndpoints(limit: number): string[] {
    const counts = new Map<string, number>();
    for (const id of this.running.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= limit).map(([id]) => id);
  }
}
