import {
  createAnyWebhookSchema,
  createWebhookSchema,
  rotateWebhookSchema,
  updateAnyWebhookSchema,
  updateWebhookSchema,
} from '@sluice/domain-webhooks/webhook-input';
import {
  webhookDeliveryViewSchema,
  webhookHistoryViewSchema,
  webhookSecretViewSchema,
  webhookViewSchema,
} from '@sluice/domain-webhooks/webhook-view';
import { z } from 'zod';
import type { Operation } from './operations.js';

const pageOf = (item: z.ZodType) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });

/** The same under both paths but for what only an operator may say. */
function operationsAt(
  path: string,
  common: Pick<Operation, 'tag' | 'auth'>,
  bodies: { create: z.ZodType; update: z.ZodType },
) {
  const one = `${path}/{id}`;
  const delivery = `${one}/deliveries/{eventId}`;
  return [
    { ...common, method: 'get', path, summary: 'List webhook endpoints', response: pageOf(webhookViewSchema) },
    { ...common, method: 'post', path, summary: 'Add one', body: bodies.create, response: webhookSecretViewSchema },
    { ...common, method: 'get', path: one, summary: 'One webhook endpoint', response: webhookViewSchema },
    { ...common, method: 'patch', path: one, summary: 'Edit it', body: bodies.update, response: webhookViewSchema },
    { ...common, method: 'delete', path: one, summary: 'Delete it and its history' },
    {
      ...common,
      method: 'post',
      path: `${one}/rotate`,
      summary: 'A new secret; the old one signs beside it for a while',
      body: rotateWebhookSchema,
      response: webhookSecretViewSchema,
    },
    {
      ...common,
      method: 'post',
      path: `${one}/test`,
      summary: 'Send a webhook.test',
      response: webhookDeliveryViewSchema,
    },
    {
      ...common,
      method: 'get',
      path: `${one}/deliveries`,
      summary: 'What was told to it; limit, after, status',
      response: pageOf(webhookDeliveryViewSchema),
    },
    {
      ...common,
      method: 'get',
      path: delivery,
      summary: 'Every attempt at one event',
      response: webhookHistoryViewSchema,
    },
    {
      ...common,
      method: 'post',
      path: `${delivery}/redeliver`,
      summary: 'Send it again, with the same id',
      response: webhookDeliveryViewSchema,
    },
  ] as const satisfies readonly Operation[];
}

const OWNER = { tag: 'Generations', auth: 'key' } as const;
const ADMIN = { tag: 'Admin', auth: 'admin' } as const;

export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  ...operationsAt('/v1/webhooks', OWNER, { create: createWebhookSchema, update: updateWebhookSchema }),
  {
    ...OWNER,
    method: 'get',
    path: '/v1/webhooks/{id}/secret',
    summary: 'Its secret; of the id `request` the one that signs for URLs named by x-sluice-webhook',
    response: webhookSecretViewSchema,
  },
  ...operationsAt('/admin/api/webhooks', ADMIN, { create: createAnyWebhookSchema, update: updateAnyWebhookSchema }),
  {
    ...ADMIN,
    method: 'post',
    path: '/admin/api/webhooks/{id}/reveal',
    summary: 'Show its secret; this is noted',
    response: webhookSecretViewSchema,
  },
];
