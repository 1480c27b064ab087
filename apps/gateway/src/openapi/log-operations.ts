import { poolSettingsSchema } from '@sluice/domain-credentials/credential-settings';
import { poolSettingsListSchema, poolSettingsViewSchema } from '@sluice/domain-credentials/pool-settings-admin';
import { clearLogSchema } from '@sluice/domain-generations/generation-log';
import { generationEntrySchema, requestEntrySchema } from '@sluice/domain-generations/log-entry';
import { z } from 'zod';
import type { Operation } from './operations.js';

const admin = { tag: 'Admin', auth: 'admin' } as const;
const nextCursor = z.string().optional();

/** What operators see of all work, and how accounts are chosen for it. */
export const LOG_OPERATIONS: readonly Operation[] = [
  {
    ...admin,
    method: 'get',
    path: '/admin/api/generations',
    summary:
      'What outlives its call and is or was made, the newest first; filter by kind, status, upstream, credential, key, model, since; limit, cursor',
    response: z.object({ generations: z.array(generationEntrySchema), nextCursor }),
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/requests',
    summary: 'What was asked for and answered at once, the newest first; the same filters, but for kind',
    response: z.object({ requests: z.array(requestEntrySchema), nextCursor }),
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/generations/clear',
    summary: 'Remove what ended before then, with its files',
    body: clearLogSchema,
    response: z.object({ removed: z.int() }),
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/generations/{id}/cancel',
    summary: 'Cancel one, whoever it belongs to',
    response: z.object({ id: z.string(), state: z.string(), status: z.string(), isCancelling: z.boolean() }),
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/api/generations/{id}',
    summary: 'Remove one that has ended, with its files',
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/pool/settings',
    summary: 'How accounts are chosen and treated, by upstream',
    response: poolSettingsListSchema,
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/pool/settings/{upstream}',
    summary: 'The same of one upstream',
    response: poolSettingsViewSchema,
  },
  {
    ...admin,
    method: 'patch',
    path: '/admin/api/pool/settings/{upstream}',
    summary: 'Change it at once, for every worker',
    body: poolSettingsSchema.partial(),
    response: poolSettingsViewSchema,
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/api/pool/settings/{upstream}',
    summary: 'Back to what is usual',
    response: poolSettingsViewSchema,
  },
];
