import { createBatchSchema } from '@sluice/wire-openai-files/batch-schema';
import type { Operation } from './operations.js';

const common = { tag: 'OpenAI', auth: 'key' } as const;

/** Batches. */
export const BATCH_OPERATIONS: readonly Operation[] = [
  { ...common, method: 'post', path: '/v1/batches', summary: 'Run a file of requests', body: createBatchSchema },
  { ...common, method: 'get', path: '/v1/batches', summary: "One's own batches, the newest first" },
  { ...common, method: 'get', path: '/v1/batches/{id}', summary: 'How far a batch is' },
  { ...common, method: 'post', path: '/v1/batches/{id}/cancel', summary: 'Cancel what of it was not made yet' },
];
