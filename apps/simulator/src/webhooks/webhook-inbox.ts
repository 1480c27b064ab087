import { z } from 'zod';
import type { Clock } from '../clock.js';

const KEPT_DELIVERIES = 20_000;

/** One delivery as it came: enough to verify its signature. */
export interface ReceivedWebhook {
  /** The last part of the receiver's path. */
  readonly receiver: string;
  readonly eventId: string;
  readonly receivedAt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const inboxQuerySchema = z.strictObject({
  receiver: z.string().optional(),
  'event-id': z.string().optional(),
  /** How many deliveries to show, the newest. */
  limit: z.coerce.number().int().min(0).default(100),
});

/** What receivers were told, the newest, and how often each of all events came. */
export class WebhookInbox {
  #deliveries: ReceivedWebhook[] = [];
  readonly #counts = new Map<string, Map<string, number>>();

  constructor(readonly clock: Clock) {}

  /** Answers how often the same event has come to this receiver before. */
  add(delivery: Omit<ReceivedWebhook, 'receivedAt'>): number {
    this.#deliveries.push({ ...delivery, receivedAt: this.clock() });
    if (this.#deliveries.length > 2 * KEPT_DELIVERIES) this.#deliveries = this.#deliveries.slice(-KEPT_DELIVERIES);
    const counts = this.#counts.get(delivery.receiver) ?? new Map<string, number>();
    this.#counts.set(delivery.receiver, counts);
    const before = counts.get(delivery.eventId) ?? 0;
    counts.set(delivery.eventId, before + 1);
    return before;
  }

  show({ receiver, 'event-id': eventId, limit }: z.infer<typeof inboxQuerySchema>) {
    const shown = this.#deliveries.filter(
      (one) =>
        (receiver === undefined || one.receiver === receiver) && (eventId === undefined || one.eventId === eventId),
    );
    return { counts: this.#countsOf(receiver), deliveries: limit === 0 ? [] : shown.slice(-limit) };
  }

  clear(): void {
    this.#deliveries = [];
    this.#counts.clear();
  }

  /** Deliveries by event. */
  #countsOf(receiver: string | undefined): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const [name, counts] of this.#counts) {
      if (receiver !== undefined && name !== receiver) continue;
      for (const [id, count] of counts) sums[id] = (sums[id] ?? 0) + count;
    }
    return sums;
  }
}
