import { predictVideoSchema } from '@sluice/wire-gemini-generate/video-schema';
import type { Operation } from './operations.js';

const common = { tag: 'Google', auth: 'key' } as const;

/** Google's videos and files. */
export const GEMINI_OPERATIONS: readonly Operation[] = [
  {
    ...common,
    method: 'post',
    path: '/v1beta/models/{model}:predictLongRunning',
    summary: 'Make a video by an operation',
    body: predictVideoSchema,
  },
  {
    ...common,
    method: 'get',
    path: '/v1beta/models/{model}/operations/{id}',
    summary: 'How far an operation is, and what came of it',
  },
  { ...common, method: 'post', path: '/v1beta/models/{model}/operations/{id}:cancel', summary: 'End an operation' },
  { ...common, method: 'post', path: '/upload/v1beta/files', summary: 'Send a file, whole or resumably' },
  {
    ...common,
    auth: 'none',
    method: 'post',
    path: '/upload/resumable',
    summary: 'A piece of a file, at the address that its beginning told',
  },
  { ...common, method: 'get', path: '/v1beta/files', summary: "One's own files, the newest first" },
  { ...common, method: 'delete', path: '/v1beta/files/{id}', summary: 'Delete a file' },
  { ...common, method: 'get', path: '/v1beta/files/{id}', summary: 'What is known of a file' },
  { ...common, method: 'get', path: '/v1beta/files/{id}:download', summary: 'A finished video, whole or in part' },
];
