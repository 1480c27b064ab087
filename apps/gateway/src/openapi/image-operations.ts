import { imageSchema } from '@sluice/wire-openai-images/schema';
import type { Operation } from './operations.js';

const common = { tag: 'OpenAI', auth: 'key' } as const;
const making = { ...common, method: 'post', body: imageSchema, isStreamable: true } as const;

/** The images dialect; the bodies of edits may be forms as well. */
export const IMAGE_OPERATIONS: readonly Operation[] = [
  { ...making, path: '/v1/images/generations', summary: 'Make pictures' },
  { ...making, path: '/v1/images/edits', summary: 'Make pictures from pictures (JSON or multipart/form-data)' },
  { ...common, method: 'get', path: '/v1/images/method', summary: 'How pictures are made, as Grok2API tells it' },
];
