import { z } from 'zod';
import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { refuseMissingModel } from '../openai/models.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { admitKnown } from '../videos/admit-known.js';
import { findOwnVideo } from '../videos/find-own-video.js';
import { keepVideoFields } from '../videos/video-fields.js';
import { stageOf, type VideoOperation, type VideoRecord } from '../videos/video-record.js';

const pictureSchema = z.looseObject({ url: z.string().optional(), file_id: z.string().optional() });
const requestSchema = z.strictObject({
  model: z.string().min(1),
  prompt: z.string().default(''),
  duration: z.number().int().optional(),
  aspect_ratio: z.enum(['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3']).optional(),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  image: pictureSchema.optional(),
  last_frame: pictureSchema.optional(),
  reference_images: z.array(pictureSchema).optional(),
  video: pictureSchema.optional(),
  user: z.string().optional(),
});
type VideoCall = z.infer<typeof requestSchema>;

const DEFAULT_SECONDS = 8;
const LONGEST_SECONDS = 15;
const LONGEST_WITH_REFERENCES = 10;
const MOST_REFERENCES = 7;

/** POST /v1/videos/generations */
export const handleCreateVideo: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, requestSchema);
  await submit({ exchange, context, call: value, operation: 'create' });
};

/** POST /v1/videos/edits and /v1/videos/extensions */
export function handleDerivedVideo(operation: 'edit' | 'extension'): Handler {
  return async (exchange, context) => {
    const { value } = await readJsonBody(exchange, requestSchema);
    if (value.video?.url === undefined) throw invalid('video: field required');
    await submit({ exchange, context, call: value, operation });
  };
}

/** GET /v1/videos/{request_id}: pending comes as a 202. */
export const handleVideo: Handler = async (exchange, context) => {
  const video = findOwnVideo(exchange, context.state);
  const { answered, fault } = await admitKnown(exchange, { context, video });
  if (answered) return;
  const told = render(exchange, video, context.state.clock());
  const status = told['status'] === 'pending' ? { status: 202 } : {};
  await sendBody(exchange, JSON.stringify(told), { ...status, ...fault });
};

interface Submit {
  exchange: Exchange;
  context: HandlerContext;
  call: VideoCall;
  operation: VideoOperation;
}

async function submit({ exchange, context, call, operation }: Submit): Promise<void> {
  const { state, vendor } = context;
  const { key = '', method } = exchange.record;
  const { model, prompt } = call;
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: 0 });
  state.keys.admit(key);
  refuse(call);
  refuseMissingModel(model);
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method });
  const take = (): VideoRecord =>
    state.videos.add({
      operation,
      sourceId: undefined,
      idempotencyKey: undefined,
      seconds: String(call.duration ?? DEFAULT_SECONDS),
      size: `${call.aspect_ratio ?? '16:9'} ${call.resolution ?? '480p'}`,
      references: picturesOf(call).map((link) => ({
        field: 'image',
        mediaType: undefined,
        bytes: link.length,
        link: undefined,
      })),
      key,
      model,
      prompt,
      fault: keepVideoFields(fault),
    });
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  const { id } = early ?? take();
  await sendBody(exchange, JSON.stringify({ request_id: id }), fault);
}

function picturesOf({ image, reference_images: references = [] }: VideoCall): string[] {
  return [image, ...references].flatMap((picture) => (picture?.url === undefined ? [] : [picture.url]));
}

function refuse({
  prompt,
  image,
  duration = 1,
  model,
  resolution,
  reference_images: references = [],
}: VideoCall): void {
  if (prompt === '' && image === undefined) throw invalid('prompt: field required');
  if (duration < 1 || duration > LONGEST_SECONDS) throw invalid(`duration must be between 1 and ${LONGEST_SECONDS}.`);
  if (image !== undefined && references.length > 0) throw invalid('image and reference_images exclude each other.');
  if (references.length > MOST_REFERENCES)
    throw invalid(`Too many reference images: ${references.length}. Maximum allowed is ${MOST_REFERENCES}.`);
  if (references.length > 0 && duration > LONGEST_WITH_REFERENCES)
    throw invalid(`Duration ${duration}s exceeds the maximum allowed for reference-to-video, which is 10s.`);
  if (resolution === '1080p' && (!model.includes('1.5') || references.length > 0))
    throw invalid('1080p is not available.');
}

function render(exchange: Exchange, video: VideoRecord, nowMs: number): Record<string, unknown> {
  const { status, progress } = stageOf(video, nowMs);
  const { model } = video;
  if (status === 'queued' || status === 'in_progress')
    return { status: 'pending', progress: Math.floor(progress), model };
  if (status === 'completed') {
    const url = `http://${exchange.request.headers.host ?? '127.0.0.1'}/xai/files/${video.id}`;
    return {
      status: 'done',
      progress: 100,
      model,
      video: { url, duration: Number(video.seconds), respect_moderation: true },
    };
  }
  // What is moderated is "done", and has no URL.
  if (video.fault.moderated)
    return { status: 'done', progress: 100, model, video: { url: '', duration: 0, respect_moderation: false } };
  if (status === 'cancelled') return { status: 'expired' };
  return { status: 'failed', error: { code: 'internal_error', message: 'The video could not be made.' } };
}

function invalid(message: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message });
}
