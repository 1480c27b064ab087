import { z } from 'zod';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler } from '../vendor.js';
import { enter, refusal } from './enter.js';
import { checkProof } from './proof.js';

const postSchema = z.strictObject({
  attachments_to_create: z.array(z.strictObject({ generation_id: z.string(), kind: z.literal('sora') })).length(1),
  post_text: z.string(),
});
const enhanceSchema = z.strictObject({
  prompt: z.string().min(1),
  expansion_level: z.enum(['short', 'medium', 'long']),
  duration_s: z.union([z.literal(10), z.literal(15), z.literal(20)]),
});

/** POST /project_y/post */
export const handlePost: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, postSchema);
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  checkProof(exchange, context);
  const { sora } = context.state;
  const generationId = value.attachments_to_create[0]?.generation_id;
  const task = sora.tasksOf(account.name).find((each) => each.generationId === generationId);
  if (task === undefined) throw refusal(404, 'Draft not found.');
  task.postId ??= sora.nextId('s', 32);
  const attachment = { id: `${task.postId}-attachment-0`, kind: 'sora', generation_id: generationId, task_id: task.id };
  const post = { id: task.postId, permalink: `/p/${task.postId}`, text: '', attachments: [attachment] };
  await sendBody(exchange, JSON.stringify({ post }), fault);
};

/** DELETE /project_y/post/{id} and /project_y/profile/drafts/{gen} */
export const handleDelete: Handler = async (exchange, context) => {
  const { answered, account } = await enter(exchange, context);
  if (answered) return;
  const [id] = exchange.parameters;
  const task = context.state.sora.tasksOf(account.name).find((each) => each.generationId === id || each.postId === id);
  if (task === undefined) throw refusal(404, 'Not found.');
  if (task.postId === id) task.postId = undefined;
  else task.isDeleted = true;
  exchange.response.writeHead(204).end();
};

/** POST /editor/enhance_prompt */
export const handleEnhance: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, enhanceSchema);
  const { answered, fault } = await enter(exchange, context, { prompt: value.prompt });
  if (answered) return;
  const enhanced = `Enhanced (${value.expansion_level}, ${value.duration_s} s): ${value.prompt}`;
  await sendBody(exchange, JSON.stringify({ enhanced_prompt: enhanced }), fault);
};
