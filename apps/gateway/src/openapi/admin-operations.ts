import { adoptSchema, failSchema } from '../admin/stuck-generations.schema.js';
import { waitingGenerationSchema } from '../admin/waiting-generation.service.js';
import { tendedCredentialSchema } from '@sluice/contracts/jobs';
import {
  createApiKeySchema,
  createdApiKeySchema,
  rotateApiKeySchema,
  rotatedApiKeySchema,
  updateApiKeySchema,
} from '@sluice/domain-accounts/api-key-admin';
import { apiKeyViewSchema } from '@sluice/domain-accounts/api-key-view';
import { auditEventsSchema } from '@sluice/domain-accounts/audit-log';
import {
  credentialBulkResultSchema,
  credentialBulkSchema,
  credentialSelectionSchema,
} from '@sluice/domain-credentials/credential-bulk';
import { credentialEventsSchema } from '@sluice/domain-credentials/credential-events';
import { importResultSchema } from '@sluice/domain-credentials/credential-import';
import { createCredentialSchema, updateCredentialSchema } from '@sluice/domain-credentials/credential-input';
import { credentialViewSchema } from '@sluice/domain-credentials/credential-view';
import { poolStatisticsSchema } from '@sluice/domain-credentials/pool-statistics';
import { waysOutSchema } from '@sluice/domain-credentials/way-health';
import { failureListSchema } from '@sluice/domain-generations/failure-log';
import { putSettingSchema, settingListSchema, settingViewSchema } from '@sluice/domain-settings/setting-view';
import { z } from 'zod';
import { proxyTestResultSchema, proxyTestSchema } from '../admin/proxy-test.js';
import { LOG_OPERATIONS } from './log-operations.js';
import type { Operation } from './operations.js';

const admin = { tag: 'Admin', auth: 'admin' } as const;
const credentials = '/admin/api/credentials';
const keys = '/admin/api/keys';
const settings = '/admin/api/settings';
const nextCursor = z.string().optional();

/** The admin API's part of the list. */
export const ADMIN_OPERATIONS: readonly Operation[] = [
  ...LOG_OPERATIONS,
  {
    ...admin,
    method: 'get',
    path: credentials,
    summary:
      'List credentials; filter by upstream, kind, state, enabled, demo, tag, group, search; sort, order, cursor, limit',
    response: z.object({ credentials: z.array(credentialViewSchema), nextCursor }),
  },
  {
    ...admin,
    method: 'post',
    path: credentials,
    summary: 'Add a credential, or edit the same one',
    body: createCredentialSchema,
    response: credentialViewSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/import`,
    summary:
      'Add many: a JSON array, JSON lines, plain lines (?upstream=&kind=) or a known export; one result per line, then a summary',
    body: z.array(createCredentialSchema),
    response: importResultSchema,
    isStreamable: true,
  },
  {
    ...admin,
    method: 'get',
    path: `${credentials}/export`,
    summary: 'All of them as JSON lines that an import takes; ?secrets=reveal is noted',
    response: createCredentialSchema.partial({ secret: true }),
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/bulk`,
    summary: 'Enable, disable, delete or reset many',
    body: credentialBulkSchema,
    response: credentialBulkResultSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/test`,
    summary: 'Test many; one answer per line, as they come',
    body: credentialSelectionSchema,
    response: tendedCredentialSchema,
    isStreamable: true,
  },
  { ...admin, method: 'get', path: `${credentials}/{id}`, summary: 'One credential', response: credentialViewSchema },
  {
    ...admin,
    method: 'patch',
    path: `${credentials}/{id}`,
    summary: 'Edit a credential',
    body: updateCredentialSchema,
    response: credentialViewSchema,
  },
  { ...admin, method: 'delete', path: `${credentials}/{id}`, summary: 'Delete a credential' },
  {
    ...admin,
    method: 'get',
    path: `${credentials}/{id}/events`,
    summary: 'What happened to its state, and why; the newest first',
    response: credentialEventsSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/enable`,
    summary: 'Switch it on',
    response: credentialViewSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/disable`,
    summary: 'Switch it off',
    response: credentialViewSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/reset`,
    summary: 'Forget what is held against it',
    response: credentialViewSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/test`,
    summary: 'Ask its upstream with it',
    response: tendedCredentialSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/refresh`,
    summary: 'Renew its session',
    response: tendedCredentialSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${credentials}/{id}/reveal`,
    summary: 'Show its secret; this is noted',
    response: z.object({ id: z.string(), secret: z.unknown() }),
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/failures',
    summary:
      'Calls that failed, the newest first: ?upstream, credential, model, key, code, search, since, until, cursor, limit',
    response: failureListSchema,
  },
  { ...admin, method: 'get', path: '/admin/api/generations/stuck', summary: 'Generations that need a decision' },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/generations/{id}/waiting',
    summary: 'What a durable generation waits for: its place, and why each account does not take it',
    response: waitingGenerationSchema,
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/generations/{id}/resubmit',
    summary: 'Submit it again, though it may have been taken',
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/generations/{id}/fail',
    summary: 'End it as failed',
    body: failSchema,
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/generations/{id}/adopt',
    summary: 'Say which of the upstream’s operations it is',
    body: adoptSchema,
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/proxies',
    summary: 'Ways out that upstreams refused lately',
    response: waysOutSchema,
  },
  { ...admin, method: 'get', path: '/admin/api/pool', summary: 'The pool at a glance', response: poolStatisticsSchema },
  {
    ...admin,
    method: 'get',
    path: '/admin/api/audit',
    summary: 'What operators changed; the newest first',
    response: auditEventsSchema,
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/proxies/test',
    summary: 'Whether anything comes through a proxy',
    body: proxyTestSchema,
    response: proxyTestResultSchema,
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/api/vault/rewrap',
    summary: 'Wrap the data keys with the current master key',
    response: z.object({ rewrapped: z.int() }),
  },
  {
    ...admin,
    method: 'get',
    path: keys,
    summary: 'List API keys',
    response: z.object({ keys: z.array(apiKeyViewSchema), nextCursor }),
  },
  {
    ...admin,
    method: 'post',
    path: keys,
    summary: 'Create an API key; it is shown once',
    body: createApiKeySchema,
    response: createdApiKeySchema,
  },
  { ...admin, method: 'get', path: `${keys}/{id}`, summary: 'One API key', response: apiKeyViewSchema },
  {
    ...admin,
    method: 'patch',
    path: `${keys}/{id}`,
    summary: 'Rename, limit, disable or expire an API key',
    body: updateApiKeySchema,
    response: apiKeyViewSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${keys}/{id}/rotate`,
    summary: 'A new key under the same id, shown once; the old one opens until the overlap ends',
    body: rotateApiKeySchema,
    response: rotatedApiKeySchema,
  },
  { ...admin, method: 'delete', path: `${keys}/{id}`, summary: 'Delete an API key' },
  {
    ...admin,
    method: 'get',
    path: settings,
    summary: 'What can be set while everything runs',
    response: settingListSchema,
  },
  { ...admin, method: 'get', path: `${settings}/{name}`, summary: 'One setting', response: settingViewSchema },
  {
    ...admin,
    method: 'put',
    path: `${settings}/{name}`,
    summary: 'Set it, on every replica, at once',
    body: putSettingSchema,
    response: settingViewSchema,
  },
  {
    ...admin,
    method: 'delete',
    path: `${settings}/{name}`,
    summary: 'Back to its initial value',
    response: settingViewSchema,
  },
];
