import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import { refuseMissingModel } from '../openai/models.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { samplePng } from '../videos/sample-png.js';

const RATIOS = '1:1 3:4 4:3 9:16 16:9 2:3 3:2 9:19.5 19.5:9 9:20 20:9 1:2 2:1 21:9 5:2 auto'.split(' ');
const pictureSchema = z.looseObject({ url: z.string().startsWith('data:image/'), type: z.literal('image_url') });
const requestSchema = z.strictObject({
  model: z.string().min(1),
  prompt: z.string().min(1),
  n: z.number().int().min(1).max(10).default(1),
  aspect_ratio: z.enum(RATIOS).optional(),
  resolution: z.enum(['1k', '1.5k', '2k']).optional(),
  quality: z.enum(['low', 'medium', 'high']).optional(),
  response_format: z.enum(['url', 'b64_json']).default('url'),
  user: z.string().optional(),
  image: pictureSchema.optional(),
  images: z.array(pictureSchema).max(3).optional(),
});

/** Words of a prompt that make it break the policy here. */
const FORBIDDEN = /\bforbidden\b/i;

/** POST /v1/images/generations and /v1/images/edits: JSON both. */
export function handleXaiImages(path: 'generations' | 'edits'): Handler {
  return async (exchange, context) => {
    const { value: request, text } = await readJsonBody(exchange, requestSchema);
    const { model, prompt, n } = request;
    const { answered, fault } = await admit(exchange, context, { model, prompt, bodyBytes: text.length });
    if (answered) return;
    refuseMissingModel(model);
    if (path === 'edits' && request.image === undefined && request.images === undefined)
      throw new SimulatedFailure('invalid-request', { status: 400, message: 'image: field required' });
    if (FORBIDDEN.test(prompt))
      throw new SimulatedFailure('fault', {
        status: 403,
        code: 'permission-denied',
        message: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO',
      });
    const data = Array.from({ length: n }, () => ({
      b64_json: samplePng.toString('base64'),
      mime_type: 'image/png',
      revised_prompt: '',
      respect_moderation: true,
    }));
    await sendBody(exchange, JSON.stringify({ data, usage: { cost_in_usd_ticks: 200_000_000 * n } }), fault);
  };
}
