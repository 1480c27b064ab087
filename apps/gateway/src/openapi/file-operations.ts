import type { Operation } from './operations.js';

const common = { tag: 'OpenAI', auth: 'key' } as const;

/** The files dialect; its bodies are forms. */
export const FILE_OPERATIONS: readonly Operation[] = [
  { ...common, method: 'post', path: '/v1/files', summary: 'Keep a file (multipart/form-data)' },
  { ...common, method: 'get', path: '/v1/files', summary: "One's own files, the newest first" },
  { ...common, method: 'get', path: '/v1/files/{id}', summary: 'A file' },
  { ...common, method: 'get', path: '/v1/files/{id}/content', summary: 'What it holds, whole or in part' },
  { ...common, method: 'delete', path: '/v1/files/{id}', summary: 'Delete a file' },
  {
    ...common,
    method: 'post',
    path: '/v1/uploads/image',
    summary: 'Park a picture behind a link (multipart/form-data)',
  },
];
