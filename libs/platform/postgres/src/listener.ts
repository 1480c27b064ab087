import { systemClock } from '@sluice/contracts/clock';
import type { Clock } from '@sluice/contracts/clock';
import { Client } from 'pg';

export interface Subscription {
  readonly channel: string;
  onNotification(payload: string): void;
  /** Listening has begun, or begun again after a loss: what was read before may be out of date, read all of it again. */
  onGap(): void;
}

export interface ListenerOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Told of every lost or refused connection; the listener goes on trying. */
  readonly onError?: (error: Error) => void;
  readonly clock?: Clock;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const QUERY_TIMEOUT_MS = 5_000;

/** One connection that only listens, for all subscribers of a process. It heals by itself. */
export class Listener {
  private readonly subscriptions = new Set<Subscription>();
  private readonly clock: Clock;
  private client: Client | undefined;
  private cancelTimer: (() => void) | undefined;
  private failures = 0;
  private closed = false;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ListenerOptions) {
    this.clock = options.clock ?? systemClock;
    void this.connect();
  }

  /** Returns how to end it. The subscriber's `onGap` is called as soon as the channel is listened to. */
  subscribe(subscription: Subscription): () => void {
    this.subscriptions.add(subscription);
    if (this.client) void this.listenTo(this.client, [subscription]);
    return () => void this.subscriptions.delete(subscription);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelTimer?.();
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: this.options.applicationName,
      connectionTimeoutMillis: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => this.onLost(client, error));
    client.on('end', () => this.onLost(client, new Error('The listening connection was closed.')));
    client.on('notification', ({ channel, payload }) => this.onNotification(channel, payload ?? ''));
    try {
      await client.connect();
      if (this.closed) return await client.end();
      this.client = client;
      this.failures = 0;
      this.beatLater(client);
      await this.listenTo(client, [...this.subscriptions]);
    } catch (error) {
      this.client ??= client;
      this.onLost(client, error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async listenTo(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
    try {
      for (const channel of new Set(subscriptions.map((subscription) => subscription.channel))) {
        await this.ask(client, `LISTEN ${client.escapeIdentifier(channel)}`);
      }
    } catch (error) {
      return this.onLost(client, error instanceof Error ? error : new Error(String(error)));
    }
    for (const subscription of subscriptions) if (this.subscriptions.has(subscription)) subscription.onGap();
  }

  /** One query after the other: the connection takes no second one while it works. */
  private ask(client: Client, text: string): Promise<unknown> {
    const answer = this.turn.then(() => client.query(text));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private onNotification(channel: string, payload: string): void {
    for (const subscription of this.subscriptions) {
      if (subscription.channel === channel) subscription.onNotification(payload);
    }
  }

  /** A connection that is silent for lack of changes looks like one that is dead. */
  private beatLater(client: Client): void {
    this.cancelTimer?.();
    this.cancelTimer = this.clock.after(HEARTBEAT_MS, () => {
      this.ask(client, 'SELECT 1').then(
        () => this.client === client && this.beatLater(client),
        (error: Error) => this.onLost(client, error),
      );
    });
  }

  private onLost(client: Client, error: Error): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.options.onError?.(error);
    const longestMs = Math.min(FIRST_RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS);
    this.cancelTimer?.();
    // Jitter: a restart of the database is not met by all replicas in one instant.
    this.cancelTimer = this.clock.after(longestMs * (0.5 + Math.random() / 2), () => void this.connect());
  }
}
