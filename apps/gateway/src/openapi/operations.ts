import { generationViewSchema } from '@sluice/contracts/generation-view';
import { routeSchema } from '@sluice/contracts/route';
import { countTokensSchema, messagesSchema } from '@sluice/wire-anthropic-messages/schema';
import { chatCompletionSchema } from '@sluice/wire-openai-chat/schema';
import { embeddingSchema } from '@sluice/wire-openai-embeddings/schema';
import type { z } from 'zod';
import { ADMIN_OPERATIONS } from './admin-operations.js';

/** One operation of the public surface, as the description needs it. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  summary: string;
  tag: 'OpenAI' | 'Anthropic' | 'Generations' | 'Admin' | 'Health';
  auth: 'key' | 'admin' | 'none';
  body?: z.ZodType;
  response?: z.ZodType;
  /** Beside JSON, the answer can be a stream of events. */
  isStreamable?: true;
}

/** THE list of what `/openapi.json` describes; the schemas are those that requests are checked with. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/chat/completions',
    summary: 'Answer a conversation',
    tag: 'OpenAI',
    auth: 'key',
    body: chatCompletionSchema,
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/embeddings',
    summary: 'Turn texts into vectors',
    tag: 'OpenAI',
    auth: 'key',
    body: embeddingSchema,
  },
  { method: 'get', path: '/v1/models', summary: 'List the models that can be called', tag: 'OpenAI', auth: 'key' },
  { method: 'get', path: '/v1/models/{model}', summary: 'One model', tag: 'OpenAI', auth: 'key' },
  {
    method: 'post',
    path: '/v1/messages',
    summary: 'Answer a conversation',
    tag: 'Anthropic',
    auth: 'key',
    body: messagesSchema,
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/messages/count_tokens',
    summary: 'Estimate how many tokens a conversation is',
    tag: 'Anthropic',
    auth: 'key',
    body: countTokensSchema,
  },
  {
    method: 'get',
    path: '/v1/generations',
    summary: 'List your generations, the newest first',
    tag: 'Generations',
    auth: 'key',
  },
  {
    method: 'get',
    path: '/v1/generations/{id}',
    summary: 'One generation',
    tag: 'Generations',
    auth: 'key',
    response: generationViewSchema,
  },
  {
    method: 'get',
    path: '/v1/generations/{id}/events',
    summary: 'Its events, live or finished; resumes after `Last-Event-ID`',
    tag: 'Generations',
    auth: 'key',
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/generations/{id}/cancel',
    summary: 'Cancel it',
    tag: 'Generations',
    auth: 'key',
    response: generationViewSchema,
  },
  ...ADMIN_OPERATIONS,
  { method: 'get', path: '/admin/api/routes', summary: 'List routes', tag: 'Admin', auth: 'admin' },
  {
    method: 'put',
    path: '/admin/api/routes/{model}',
    summary: 'What a model name stands for',
    tag: 'Admin',
    auth: 'admin',
    body: routeSchema,
  },
  { method: 'delete', path: '/admin/api/routes/{model}', summary: 'Delete a route', tag: 'Admin', auth: 'admin' },
  { method: 'get', path: '/livez', summary: 'The process is alive', tag: 'Health', auth: 'none' },
  { method: 'get', path: '/readyz', summary: 'The replica can serve', tag: 'Health', auth: 'none' },
  { method: 'get', path: '/healthz', summary: 'Health in detail', tag: 'Health', auth: 'none' },
  { method: 'get', path: '/metrics', summary: 'Prometheus metrics', tag: 'Health', auth: 'admin' },
];
