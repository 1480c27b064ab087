import { characterSchema, officialCharacterSchema, sharingSchema } from '../characters/character-body.js';
import type { Operation } from './operations.js';

const common = { tag: 'OpenAI', auth: 'key' } as const;
const ONE = '/v1/characters/{id}';

/** Characters; bodies that bring a film may be forms as well. */
export const CHARACTER_OPERATIONS: readonly Operation[] = [
  {
    ...common,
    method: 'post',
    path: '/v1/characters',
    summary: 'Make a character of a film (JSON or multipart/form-data)',
    body: characterSchema,
  },
  { ...common, method: 'get', path: '/v1/characters', summary: "One's own characters, the newest first" },
  { ...common, method: 'get', path: '/v1/characters/search', summary: 'Who can be mentioned, by a name' },
  { ...common, method: 'get', path: ONE, summary: 'How far a character is' },
  { ...common, method: 'patch', path: ONE, summary: 'Show a character to others, or hide it', body: sharingSchema },
  { ...common, method: 'post', path: `${ONE}/public`, summary: 'Show a character to others' },
  { ...common, method: 'delete', path: ONE, summary: 'Take a character out of its account' },
  {
    ...common,
    method: 'post',
    path: '/v1/videos/characters',
    summary: 'Make a character, and answer when it is made',
    body: officialCharacterSchema,
  },
  { ...common, method: 'get', path: '/v1/videos/characters/{id}', summary: 'A character' },
];
