import { expect, it } from 'vitest';
import { createOpenapiDocument } from './openapi-document.js';
import { OPERATIONS } from './operations.js';

interface Described {
  paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: { properties?: object } }> } } }>;
}

const { paths } = createOpenapiDocument(OPERATIONS, 'http://localhost') as Described;
const fieldsOf = (path: string): string[] =>
  Object.keys(paths[path]?.post?.requestBody?.content['application/json']?.schema.properties ?? {});

it.each([
  [
    '/v1/chat/completions',
    'messages video_config image_config seconds orientation remix_target_id style_id media_format',
  ],
  ['/v1/videos', 'prompt seconds duration size orientation input_reference remix_target_id style style_id storyboard'],
])('the body of %s is described with what it may say of films and pictures', (path, fields) => {
  expect(fieldsOf(path)).toEqual(expect.arrayContaining(fields.split(' ')));
});
