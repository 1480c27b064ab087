import { videoSchema } from '@sluice/wire-openai-videos/schema';
import { z } from 'zod';
import { enhanceSchema } from '../sora-clients/enhance.endpoint.js';
import type { Operation } from './operations.js';

const common = { tag: 'OpenAI', auth: 'key' } as const;
/** With the words of Sora's own protocols, which go on as they are to whoever has them. */
const bodySchema = videoSchema.extend({
  style: z.string().min(1).nullish(),
  style_id: z.string().min(1).nullish(),
  storyboard: z
    .object({
      instructions: z.string().optional(),
      shots: z.array(z.object({ seconds: z.union([z.number(), z.string()]), scene: z.string() })).min(1),
    })
    .nullish(),
});
const making = { ...common, method: 'post', body: bodySchema } as const;

/** The videos dialect; bodies may be forms as well. */
export const VIDEO_OPERATIONS: readonly Operation[] = [
  { ...making, path: '/v1/videos', summary: 'Make a video (JSON or multipart/form-data)' },
  { ...making, path: '/v1/videos/generations', summary: "Make a video, in xAI's spelling" },
  { ...making, path: '/v1/videos/edits', summary: 'Make a video that changes another' },
  { ...making, path: '/v1/videos/extensions', summary: 'Make a video that goes on from another' },
  { ...making, path: '/v1/videos/{id}/remix', summary: 'Make a video after another' },
  { ...common, method: 'get', path: '/v1/videos', summary: "One's own videos, the newest first" },
  { ...common, method: 'get', path: '/v1/videos/{id}', summary: 'How far a video is' },
  { ...common, method: 'get', path: '/v1/videos/{id}/content', summary: 'Its file, whole or in part' },
  { ...common, method: 'delete', path: '/v1/videos/{id}', summary: 'Delete a video and its files' },
  {
    ...common,
    method: 'post',
    path: '/v1/enhance_prompt',
    summary: 'Write a prompt out at length',
    body: enhanceSchema,
  },
  { method: 'get', path: '/media/{key}', summary: 'A file by its signed link', tag: 'OpenAI', auth: 'none' },
];
