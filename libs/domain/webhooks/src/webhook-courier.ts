import type { Clock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import { storable } from '@sluice/domain-generations/storable';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { releaseDelivery, settleDelivery } from './delivery-statements.js';
import { RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule.js';
import { type SecretVault, webhookSealContext } from './secret-vault.js';
import { sendWebhook, type WebhookAnswer } from './send-webhook.js';
import { signWebhook } from './sign-webhook.js';
import { encodeWebhookEvent } from './webhook-event.js';
import type { ClaimedRow, DeliveryRow } from './webhook-rows.js';

const DAY_MS = 24 * 60 * 60_000;

/** How patient we are. */
export interface CourierTimes {
  timeoutMs: number;
  retryDelaysMs: readonly number[];
  /** An endpoint that nothing has reached for so long is switched off. */
  hopelessAfterMs: number;
}

export const COURIER_TIMES: CourierTimes = {
  timeoutMs: 20_000,
  retryDelaysMs: RETRY_DELAYS_MS,
  hopelessAfterMs: 5 * DAY_MS,
};

export interface WebhookCourierOptions {
  postgres: Queryable;
  vault: Pick<SecretVault, 'unseal'>;
  /** Those that guard what they connect to, and those for endpoints that an operator let into a private network. */
  httpFor(options: { allowPrivateNetwork: boolean }): HttpPort;
  clock: Clock;
  random?: () => number;
  times?: Partial<CourierTimes>;
  onAttempt?(outcome: DeliveryRow['state']): void;
}

const GONE = 410;

/** Brings one delivery to its endpoint, once, and notes what came of it. */
export class WebhookCourier {
  private readonly times: CourierTimes;

  constructor(private readonly options: WebhookCourierOptions) {
    this.times = { ...COURIER_TIMES, ...options.times };
  }

  async deliver(claimed: ClaimedRow, signal: AbortSignal): Promise<void> {
    const answer = await this.send(claimed, signal);
    if (signal.aborted && answer.status === undefined) return this.release(claimed);
    await this.settle(claimed, answer);
  }

  private send(claimed: ClaimedRow, signal: AbortSignal): Promise<WebhookAnswer> {
    const { httpFor, clock } = this.options;
    const body = encodeWebhookEvent({
      id: claimed.event_id,
      type: claimed.type,
      objectId: claimed.object_id,
      createdAtMs: claimed.created_at.getTime(),
    });
    return sendWebhook({
      http: httpFor({ allowPrivateNetwork: claimed.allow_private_network }),
      clock,
      url: claimed.url,
      headers: signWebhook({ id: claimed.event_id, atMs: clock.now(), body, secrets: this.secretsOf(claimed) }),
      body,
      timeoutMs: this.times.timeoutMs,
      signal,
    });
  }

  private secretsOf(claimed: ClaimedRow): string[] {
    const { vault, clock } = this.options;
    const { secret, previous_secret: previous, previous_expires_at: until, endpoint_id: id } = claimed;
    const isOverlapping = previous !== null && until !== null && until.getTime() > clock.now();
    return [secret, ...(isOverlapping ? [previous] : [])].map((sealed) => vault.unseal(sealed, webhookSealContext(id)));
  }

  private async settle(claimed: ClaimedRow, answer: WebhookAnswer): Promise<void> {
    const { postgres, clock, onAttempt } = this.options;
    const attempt = claimed.attempt + 1;
    const nowMs = clock.now();
    const { state, delayMs } = this.judge(claimed, answer);
    await settleDelivery.run(
      postgres,
      claimed.endpoint_id,
      claimed.event_id,
      attempt,
      state,
      delayMs === undefined ? null : new Date(nowMs + delayMs),
      new Date(answer.startedAtMs),
      Math.round(answer.durationMs),
      answer.status ?? null,
      errorOf(answer, state),
      answer.response === undefined ? null : storable(answer.response),
      new Date(nowMs),
      // One request's URL says nothing of another's.
      !claimed.is_of_request,
      answer.status === GONE,
      new Date(nowMs - this.times.hopelessAfterMs),
    );
    onAttempt?.(state);
  }

  private judge(
    { attempt, round_start: roundStart }: ClaimedRow,
    { status, retryAfterMs }: WebhookAnswer,
  ): { state: DeliveryRow['state']; delayMs?: number } {
    if (status !== undefined && status >= 200 && status < 300) return { state: 'delivered' };
    if (status === GONE) return { state: 'failed' };
    const { random } = this.options;
    const delayMs = retryDelayMs(
      { failures: attempt + 1 - roundStart, status, retryAfterMs },
      { delaysMs: this.times.retryDelaysMs, ...(random && { random }) },
    );
    return delayMs === undefined ? { state: 'failed' } : { state: 'pending', delayMs };
  }

  /** The receiver may have had it: it comes again, and no attempt is lost. */
  private async release({ endpoint_id: endpointId, event_id: eventId, attempt }: ClaimedRow): Promise<void> {
    const { postgres, clock } = this.options;
    await releaseDelivery.run(postgres, endpointId, eventId, attempt, new Date(clock.now()));
  }
}

function errorOf({ status, error }: WebhookAnswer, state: DeliveryRow['state']): string | null {
  if (state === 'delivered') return null;
  if (error !== undefined) return storable(error);
  if (status === GONE) return 'The receiver says that it is gone.';
  if (status !== undefined && status >= 300 && status < 400) return 'Redirects are not followed.';
  return `The receiver answered with status ${status}.`;
}
