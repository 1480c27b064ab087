import { generationViewSchema } from '@sluice/contracts/generation-view';
import { routeSchema } from '@sluice/contracts/route';
import { countTokensSchema, messagesSchema } from '@sluice/wire-anthropic-messages/schema';
import { batchEmbedContentsSchema, embedContentSchema } from '@sluice/wire-gemini-generate/embed-schema';
import { countTokensSchema as geminiCountSchema, generateContentSchema } from '@sluice/wire-gemini-generate/schema';
import { inputTokensSchema, responsesSchema } from '@sluice/wire-openai-responses/schema';
import { speechSchema } from '@sluice/wire-openai-audio/speech-schema';
import { moderationSchema } from '@sluice/wire-openai-chat/moderation';
import { embeddingSchema } from '@sluice/wire-openai-embeddings/schema';
import type { z } from 'zod';
import { ADMIN_OPERATIONS } from './admin-operations.js';
import { BATCH_OPERATIONS } from './batch-operations.js';
import { chatBodySchema } from './chat-body.js';
import { CHARACTER_OPERATIONS } from './character-operations.js';
import { FILE_OPERATIONS } from './file-operations.js';
import { GEMINI_OPERATIONS } from './gemini-operations.js';
import { IMAGE_OPERATIONS } from './image-operations.js';
import { STUDIO_OPERATIONS } from './studio-operations.js';
import { VIDEO_OPERATIONS } from './video-operations.js';
import { WEBHOOK_OPERATIONS } from './webhook-operations.js';

/** One operation of the public surface, as the description needs it. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  summary: string;
  tag: 'OpenAI' | 'Anthropic' | 'Google' | 'Generations' | 'Studio' | 'Admin' | 'Health';
  auth: 'key' | 'user' | 'admin' | 'none';
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
    body: chatBodySchema,
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/responses',
    summary: 'Answer a conversation, and keep it',
    tag: 'OpenAI',
    auth: 'key',
    body: responsesSchema,
    isStreamable: true,
  },
  {
    method: 'get',
    path: '/v1/responses/{id}',
    summary: 'A kept response; `stream=true&starting_after=` resumes its events',
    tag: 'OpenAI',
    auth: 'key',
    isStreamable: true,
  },
  { method: 'delete', path: '/v1/responses/{id}', summary: 'Forget a response', tag: 'OpenAI', auth: 'key' },
  {
    method: 'post',
    path: '/v1/responses/{id}/cancel',
    summary: 'Cancel a response made in the background',
    tag: 'OpenAI',
    auth: 'key',
  },
  { method: 'get', path: '/v1/responses/{id}/input_items', summary: 'What was asked', tag: 'OpenAI', auth: 'key' },
  {
    method: 'post',
    path: '/v1/responses/input_tokens',
    summary: 'Estimate how many tokens a conversation is',
    tag: 'OpenAI',
    auth: 'key',
    body: inputTokensSchema,
  },
  {
    method: 'post',
    path: '/v1/embeddings',
    summary: 'Turn texts into vectors',
    tag: 'OpenAI',
    auth: 'key',
    body: embeddingSchema,
  },
  {
    method: 'post',
    path: '/v1/audio/speech',
    summary: 'Speak a text',
    tag: 'OpenAI',
    auth: 'key',
    body: speechSchema,
  },
  {
    method: 'post',
    path: '/v1/audio/transcriptions',
    summary: 'Write down what is said in a file (multipart/form-data)',
    tag: 'OpenAI',
    auth: 'key',
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/audio/translations',
    summary: 'Write down in English what is said in a file (multipart/form-data)',
    tag: 'OpenAI',
    auth: 'key',
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1/moderations',
    summary: 'Judge texts and pictures',
    tag: 'OpenAI',
    auth: 'key',
    body: moderationSchema,
  },
  { method: 'get', path: '/v1/models', summary: 'List the models that can be called', tag: 'OpenAI', auth: 'key' },
  { method: 'get', path: '/v1/models/{model}', summary: 'One model', tag: 'OpenAI', auth: 'key' },
  {
    method: 'post',
    path: '/v1beta/models/{model}:generateContent',
    summary: 'Answer a conversation',
    tag: 'Google',
    auth: 'key',
    body: generateContentSchema,
  },
  {
    method: 'post',
    path: '/v1beta/models/{model}:streamGenerateContent',
    summary: 'Answer a conversation as it is made',
    tag: 'Google',
    auth: 'key',
    body: generateContentSchema,
    isStreamable: true,
  },
  {
    method: 'post',
    path: '/v1beta/models/{model}:countTokens',
    summary: 'Estimate how many tokens a conversation is',
    tag: 'Google',
    auth: 'key',
    body: geminiCountSchema,
  },
  {
    method: 'post',
    path: '/v1beta/models/{model}:embedContent',
    summary: 'Turn a text into a vector',
    tag: 'Google',
    auth: 'key',
    body: embedContentSchema,
  },
  {
    method: 'post',
    path: '/v1beta/models/{model}:batchEmbedContents',
    summary: 'Turn texts into vectors',
    tag: 'Google',
    auth: 'key',
    body: batchEmbedContentsSchema,
  },
  { method: 'get', path: '/v1beta/models', summary: 'List the models that can be called', tag: 'Google', auth: 'key' },
  { method: 'get', path: '/v1beta/models/{model}', summary: 'One model', tag: 'Google', auth: 'key' },
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
  { method: 'get', path: '/v1/sessions/{id}', summary: 'A conversation that is kept', tag: 'Generations', auth: 'key' },
  { method: 'delete', path: '/v1/sessions/{id}', summary: 'Forget it', tag: 'Generations', auth: 'key' },
  { method: 'post', path: '/v1/session/clear', summary: 'Forget the `session_id`', tag: 'Generations', auth: 'key' },
  ...IMAGE_OPERATIONS,
  ...VIDEO_OPERATIONS,
  ...CHARACTER_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...STUDIO_OPERATIONS,
  ...FILE_OPERATIONS,
  ...GEMINI_OPERATIONS,
  ...BATCH_OPERATIONS,
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
