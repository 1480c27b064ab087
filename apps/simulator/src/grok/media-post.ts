import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler } from '../vendor.js';

const postSchema = z.union([
  z.strictObject({ mediaType: z.literal('MEDIA_POST_TYPE_VIDEO'), prompt: z.string().min(1) }),
  z.strictObject({ mediaType: z.literal('MEDIA_POST_TYPE_IMAGE'), mediaUrl: z.url() }),
]);

/** POST /rest/media/post/create: what a video hangs on; it costs nothing. */
export const handlePost: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, postSchema);
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { grok } = context.state;
  const { key = '' } = exchange.record;
  const post = { id: grok.addPost(key), userId: grok.account(key).userId, ...value, audioUrls: [], childPosts: [] };
  await sendBody(exchange, JSON.stringify({ post }), fault);
};

/** POST /rest/media/video/upscale */
export const handleUpscale: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, z.strictObject({ videoId: z.string() }));
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { grok } = context.state;
  const path = `users/${grok.account(exchange.record.key ?? '').userId}/generated/${value.videoId}/generated_video.mp4`;
  await sendBody(exchange, JSON.stringify({ hdMediaUrl: path }), fault);
};
