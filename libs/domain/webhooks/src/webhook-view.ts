import { z } from 'zod';
import type { AttemptRow, DeliveryRow, EndpointRow } from './webhook-rows.js';

const seconds = z.int();

/** An endpoint as its owner and operators see it. Times are Unix seconds. */
export const webhookViewSchema = z.object({
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  /** Null: the operator's, which hears of every key. */
  key_id: z.string().nullable(),
  /** Null: the one whose secret signs what goes to URLs that requests name. */
  url: z.string().nullable(),
  events: z.array(z.string()),
  description: z.string(),
  enabled: z.boolean(),
  disabled_reason: z.enum(['switched_off', 'gone', 'failing']).nullable(),
  allow_private_network: z.boolean(),
  /** Since when nothing came through; null while it does. */
  failing_since: seconds.nullable(),
  /** When the secret before the last rotation signs no more. */
  previous_secret_expires_at: seconds.nullable(),
  created_at: seconds,
});
export type WebhookView = z.infer<typeof webhookViewSchema>;

/** The answers that hold the secret. */
export const webhookSecretViewSchema = webhookViewSchema.extend({ secret: z.string() });
export type WebhookSecretView = z.infer<typeof webhookSecretViewSchema>;

export const webhookDeliveryViewSchema = z.object({
  event_id: z.string(),
  object: z.literal('webhook_delivery'),
  type: z.string(),
  /** What the event is about. */
  data: z.object({ id: z.string() }),
  created_at: seconds,
  status: z.enum(['pending', 'delivered', 'failed']),
  /** Where the request named the URL. */
  url: z.string().nullable(),
  attempts: z.int(),
  next_attempt_at: seconds.nullable(),
  completed_at: seconds.nullable(),
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
});
export type WebhookDeliveryView = z.infer<typeof webhookDeliveryViewSchema>;

export const webhookAttemptViewSchema = z.object({
  attempt: z.int(),
  at: seconds,
  duration_ms: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  /** The first kilobyte. */
  response: z.string().nullable(),
});
export type WebhookAttemptView = z.infer<typeof webhookAttemptViewSchema>;

/** One delivery with its history. */
export const webhookHistoryViewSchema = webhookDeliveryViewSchema.extend({
  history: z.array(webhookAttemptViewSchema),
});
export type WebhookHistoryView = z.infer<typeof webhookHistoryViewSchema>;

export function toWebhookView(row: EndpointRow, nowMs: number): WebhookView {
  const { previous_expires_at: previousExpiresAt } = row;
  const isRotating = previousExpiresAt !== null && previousExpiresAt.getTime() > nowMs;
  return {
    id: row.id,
    object: 'webhook_endpoint',
    key_id: row.owner_key_id,
    url: row.url,
    events: row.events,
    description: row.description,
    enabled: row.enabled,
    disabled_reason: row.disabled_reason,
    allow_private_network: row.allow_private_network,
    failing_since: toSeconds(row.failing_since),
    previous_secret_expires_at: isRotating ? toSeconds(previousExpiresAt) : null,
    created_at: wholeSeconds(row.created_at),
  };
}

export function toDeliveryView(row: DeliveryRow): WebhookDeliveryView {
  return {
    event_id: row.event_id,
    object: 'webhook_delivery',
    type: row.type,
    data: { id: row.object_id },
    created_at: wholeSeconds(row.created_at),
    status: row.state,
    url: row.url,
    attempts: row.attempt,
    next_attempt_at: toSeconds(row.next_at),
    completed_at: toSeconds(row.finished_at),
    last_status: row.last_status,
    last_error: row.last_error,
  };
}

export function toAttemptView(row: AttemptRow): WebhookAttemptView {
  return { ...row, at: wholeSeconds(row.at) };
}

function toSeconds(at: Date | null): number | null {
  return at && wholeSeconds(at);
}

function wholeSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}
