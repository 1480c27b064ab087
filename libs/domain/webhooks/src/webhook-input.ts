import { z } from 'zod';
import { WEBHOOK_EVENT_FILTERS } from './webhook-event.js';
import { webhookSecretSchema } from './webhook-secret.js';

const filterSchema = z
  .string()
  .refine((name) => WEBHOOK_EVENT_FILTERS.includes(name), `is none of ${WEBHOOK_EVENT_FILTERS.join(', ')}`);

const urlSchema = z.string().min(1);
/** None: all events. */
const eventsSchema = z.array(filterSchema).max(WEBHOOK_EVENT_FILTERS.length);
const descriptionSchema = z.string().max(500);

/** Body of `POST /v1/webhooks`. */
export const createWebhookSchema = z.strictObject({
  url: urlSchema,
  events: eventsSchema.default([]),
  description: descriptionSchema.default(''),
  enabled: z.boolean().default(true),
  secret: webhookSecretSchema.optional(),
});

/** Body of `POST /admin/api/webhooks`. */
export const createAnyWebhookSchema = createWebhookSchema.extend({
  /** Whose events it hears; null: everybody's. */
  key_id: z.string().min(1).nullable().default(null),
  /** The one way into a private network, and only an operator's. */
  allow_private_network: z.boolean().default(false),
});

/** Body of `PATCH /v1/webhooks/{id}`. */
export const updateWebhookSchema = z.strictObject({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
});

/** Body of `PATCH /admin/api/webhooks/{id}`. */
export const updateAnyWebhookSchema = updateWebhookSchema.extend({ allow_private_network: z.boolean().optional() });

const LONGEST_OVERLAP_SECONDS = 31 * 24 * 60 * 60;

/** Body of `POST …/webhooks/{id}/rotate`. */
export const rotateWebhookSchema = z.strictObject({
  /** How long the old secret goes on to sign as well; 0 ends it at once. */
  overlap_seconds: z
    .int()
    .min(0)
    .max(LONGEST_OVERLAP_SECONDS)
    .default(24 * 60 * 60),
  secret: webhookSecretSchema.optional(),
});

/** Query of `GET /v1/webhooks`. */
export const listWebhooksSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).optional(),
});

/** Query of `GET …/webhooks/{id}/deliveries`. */
export const listDeliveriesSchema = listWebhooksSchema.extend({
  status: z.enum(['pending', 'delivered', 'failed']).optional(),
});
