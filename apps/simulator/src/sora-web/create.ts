import { z } from 'zod';
import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { keepVideoFields } from '../videos/video-fields.js';
import { identify, refusal } from './enter.js';
import { balanceOf } from './look-ups.js';
import { checkProof } from './proof.js';
import type { SoraAccount } from './sora-account.js';
import { isUnderWay, type SoraTask, type TaskOperation } from './sora-task.js';

const nothing = z.null().optional();
const inpaintSchema = z.union([
  z.strictObject({ kind: z.literal('upload'), upload_id: z.string() }),
  z.strictObject({ kind: z.literal('file'), file_id: z.string() }),
  z.strictObject({ kind: z.literal('generation'), generation_id: z.string() }),
  z.strictObject({ kind: z.literal('reference'), reference_id: z.string() }),
]);
const videoSchema = z.strictObject({
  kind: z.literal('video'),
  prompt: z.string().min(1),
  title: z.string().nullish(),
  orientation: z.enum(['portrait', 'landscape', 'square']),
  size: z.enum(['small', 'medium', 'large']).optional(),
  n_frames: z.union([z.literal(300), z.literal(450), z.literal(750)]),
  inpaint_items: z.array(inpaintSchema),
  remix_target_id: z.string().startsWith('s_').nullish(),
  model: z.enum(['sy_8', 'sy_8_20251208', 'sy_ore']),
  metadata: nothing,
  cameo_ids: z.array(z.string()).max(3).nullish(),
  cameo_replacements: z.strictObject({}).nullish(),
  style_id: z.string().nullish(),
  audio_caption: nothing,
  audio_transcript: nothing,
  video_caption: nothing,
  storyboard_id: nothing,
});
const extensionSchema = z.strictObject({
  user_prompt: z.string().min(1),
  extension_duration_s: z.union([z.literal(10), z.literal(15)]),
  enable_rewrite: z.boolean(),
});
const imageSchema = z.strictObject({
  type: z.literal('image_gen'),
  operation: z.enum(['simple_compose', 'remix']),
  prompt: z.string().min(1),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  n_variants: z.literal(1),
  n_frames: z.literal(1),
  inpaint_items: z.array(
    z.strictObject({ type: z.literal('image'), frame_index: z.literal(0), upload_media_id: z.string() }),
  ),
});

type Wish = Pick<
  SoraTask,
  'operation' | 'prompt' | 'model' | 'orientation' | 'frames' | 'width' | 'height' | 'request'
>;

const SHAPES: Readonly<Record<string, readonly [number, number]>> = {
  'portrait small': [352, 640],
  'landscape small': [640, 352],
  'square small': [480, 480],
  'portrait large': [1080, 1920],
  'landscape large': [1920, 1080],
};

/** POST /nf/create and /nf/create/storyboard */
export function handleCreate(operation: Extract<TaskOperation, 'create' | 'storyboard'>): Handler {
  return async (exchange, context) => {
    const { value } = await readJsonBody(exchange, videoSchema);
    const { prompt, orientation, size = 'small', model, remix_target_id: post } = value;
    const [width, height] = SHAPES[`${orientation} ${size}`] ?? [640, 352];
    const wish = { operation: post == null ? operation : ('remix' as const), prompt, model, orientation };
    await submit({ exchange, context, wish: { ...wish, frames: value.n_frames, width, height, request: value } });
  };
}

/** POST /project_y/profile/drafts/{gen}/long_video_extension */
export const handleExtension: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, extensionSchema);
  const account = identify(exchange, context);
  const id = exchange.parameters[0] ?? '';
  const source = context.state.sora.find((task) => task.generationId === id && task.account === account.name);
  if (source === undefined) throw refusal(404, 'Draft not found.');
  const { model, orientation, width, height, frames } = source;
  const wish = { operation: 'extension' as const, prompt: value.user_prompt, model, orientation, width, height };
  const whole = frames + value.extension_duration_s * 30;
  await submit({ exchange, context, wish: { ...wish, frames: whole, request: { source: id, ...value } } });
};

/** POST /video_gen */
export const handleImage: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, imageSchema);
  const { prompt, width, height } = value;
  const wish = { operation: 'image' as const, prompt, model: 'image', orientation: 'square', frames: 1, width, height };
  await submit({ exchange, context, wish: { ...wish, request: value } });
};

/** A fault with `accept-first` comes after the work was taken on: it is done, and paid, though nobody was told. */
async function submit({
  exchange,
  context,
  wish,
}: {
  exchange: Exchange;
  context: HandlerContext;
  wish: Wish;
}): Promise<void> {
  const { state, vendor } = context;
  const { method, key = '' } = exchange.record;
  const { prompt, model } = wish;
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: 0 });
  const account = identify(exchange, context);
  state.keys.admit(key);
  checkProof(exchange, context);
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method });
  const take = (): SoraTask => {
    check(wish, { account, context });
    const task = state.sora.add({ ...wish, account: account.name, fault: keepVideoFields(fault) });
    if (wish.operation === 'image') return task;
    account.spend(state.clock());
    state.sora.noteBusy(account.name, underWay(account, context));
    return task;
  };
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  const task = early ?? take();
  const answer = {
    id: task.id,
    task_type: wish.operation === 'image' ? 'image_gen' : 'video_gen',
    priority: 1,
    rate_limit_and_credit_balance: balanceOf(account, state.clock()),
  };
  await sendBody(exchange, JSON.stringify(answer), fault);
}

function check(
  { operation, frames, request, model, prompt }: Wish,
  { account, context }: { account: SoraAccount; context: HandlerContext },
) {
  const { sora, clock } = context.state;
  const items = Array.isArray(request['inpaint_items']) ? (request['inpaint_items'] as Record<string, unknown>[]) : [];
  for (const item of items) {
    const upload = item['upload_id'] ?? item['upload_media_id'];
    if (typeof upload === 'string' && !account.uploads.has(upload)) throw refusal(400, `Unknown upload ${upload}.`);
    const reference = item['reference_id'];
    if (typeof reference === 'string' && !account.references.has(reference))
      throw refusal(400, `Unknown reference ${reference}.`);
  }
  const shown = sora.cameos.mentionable(account.name).map(({ characterId }) => characterId);
  for (const id of Array.isArray(request['cameo_ids']) ? request['cameo_ids'] : [])
    if (!shown.includes(String(id))) throw refusal(400, `Unknown character ${String(id)}.`);
  if (items.filter(({ kind }) => kind === 'reference').length > 5) throw refusal(400, 'At most 5 references.');
  if (/\bforbidden words\b/i.test(prompt))
    throw refusal(400, 'This content may violate our content policies.', 'moderation_blocked');
  if (operation === 'image') return;
  if (!account.hasSora2) throw refusal(403, 'This account has no access to Sora 2.');
  if (account.username === null) throw refusal(400, 'Username not set.', 'username_not_set');
  const { remix_target_id: post } = request;
  if (typeof post === 'string' && !sora.find((task) => task.postId === post)) throw refusal(404, 'Post not found.');
  const isPro = account.plan === 'chatgpt_pro';
  if (!isPro && model === 'sy_ore') throw refusal(403, 'This model is not in the plan of this account.');
  if (!isPro && operation !== 'extension' && frames === 750)
    throw refusal(400, 'Videos of 25s are not allowed for this account.', 'duration_not_allowed');
  checkLimits(account, context, clock());
}

function checkLimits(account: SoraAccount, context: HandlerContext, nowMs: number): void {
  const { remaining, resetsInSeconds } = account.balance(nowMs);
  if (remaining === 0)
    throw new SimulatedFailure('quota-exhausted', {
      status: 429,
      message: 'You have reached your limit.',
      type: 'rate_limit_exhausted',
      quota: { model: 'sora', limit: account.limit, unit: 'day', waitMs: resetsInSeconds * 1_000 },
    });
  const busy = underWay(account, context);
  if (busy < account.concurrency) return;
  context.state.sora.noteBusy(account.name, busy + 1);
  throw refusal(429, `You already have ${busy} generations in progress.`, 'too_many_concurrent_tasks');
}

function underWay({ name }: SoraAccount, { state }: HandlerContext): number {
  const isVideo = (task: SoraTask) => task.operation !== 'image' && isUnderWay(task, state.clock());
  return state.sora.tasksOf(name).filter(isVideo).length;
}
