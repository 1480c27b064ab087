import { defineStatement } from '@sluice/platform-postgres/statement';
import type { AttemptRow, ClaimedRow, DeliveryRow } from './webhook-rows.js';

const sql = (file: string) => new URL(`../sql/${file}.sql`, import.meta.url);

export const claimDeliveries = defineStatement<
  ClaimedRow,
  [now: Date, limit: number, perEndpoint: number, busyEndpoints: readonly string[], takenUntil: Date]
>({ name: 'webhook-claim-deliveries', url: sql('claim-deliveries') });

export const settleDelivery = defineStatement<
  never,
  [
    endpointId: string,
    eventId: string,
    attempt: number,
    state: DeliveryRow['state'],
    nextAt: Date | null,
    startedAt: Date,
    durationMs: number,
    status: number | null,
    error: string | null,
    response: string | null,
    now: Date,
    isEndpointJudged: boolean,
    isGone: boolean,
    hopelessSince: Date,
  ]
>({ name: 'webhook-settle-delivery', url: sql('settle-delivery') });

export const releaseDelivery = defineStatement<
  never,
  [endpointId: string, eventId: string, attempt: number, now: Date]
>({ name: 'webhook-release-delivery', url: sql('release-delivery') });

export const listDeliveries = defineStatement<
  DeliveryRow,
  [endpointId: string, after: string | null, state: string | null, limit: number]
>({ name: 'webhook-list-deliveries', url: sql('list-deliveries') });

export const findDelivery = defineStatement<DeliveryRow, [endpointId: string, eventId: string]>({
  name: 'webhook-find-delivery',
  url: sql('find-delivery'),
});

export const listAttempts = defineStatement<AttemptRow, [eventId: string, endpointId: string]>({
  name: 'webhook-list-attempts',
  url: sql('list-attempts'),
});

export const redeliver = defineStatement<never, [endpointId: string, eventId: string, now: Date]>({
  name: 'webhook-redeliver',
  url: sql('redeliver'),
});

export const addTestEvent = defineStatement<
  never,
  [eventId: string, owner: string, objectId: string, endpointId: string, now: Date]
>({ name: 'webhook-add-test-event', url: sql('add-test-event') });

export const purgeWebhookEvents = defineStatement<{ id: string }, [firstKept: string, limit: number]>({
  name: 'webhook-purge-events',
  url: sql('purge-webhook-events'),
});
