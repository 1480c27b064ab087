import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { refuseMissingModel } from '../openai/models.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { checkCharacters } from './characters.js';
import { findOwnVideo, ownVideo } from './find-own-video.js';
import { readSubmission, type Submission } from './read-submission.js';
import { renderVideo } from './render-video.js';
import { keepVideoFields } from './video-fields.js';
import type { VideoOperation, VideoRecord } from './video-record.js';

const DEFAULT_SECONDS = '4';
const DEFAULT_SIZE = '720x1280';
const SHORT_SIDE = 720;

/** POST /v1/videos */
export const handleCreate: Handler = async (exchange, context) => {
  await submit({ exchange, context, submission: await readSubmission(exchange), operation: 'create' });
};

/** POST /v1/videos/{id}/remix */
export const handleRemix: Handler = async (exchange, context) => {
  const submission = await readSubmission(exchange);
  const source = findOwnVideo(exchange, context.state);
  await submit({ exchange, context, submission, operation: 'remix', source });
};

/** POST /v1/videos/edits and /v1/videos/extensions */
export function handleDerived(operation: 'edit' | 'extension'): Handler {
  return async (exchange, context) => {
    const submission = await readSubmission(exchange);
    const { sourceId } = submission;
    const account = { key: exchange.record.key, videos: context.state.videos };
    const source = sourceId === undefined ? undefined : ownVideo(sourceId, account);
    await submit({ exchange, context, submission, operation, ...(source && { source }) });
  };
}

interface Submit {
  exchange: Exchange;
  context: HandlerContext;
  submission: Submission;
  operation: VideoOperation;
  source?: VideoRecord;
}

/** A fault with `accept-first` comes after the video was taken on: it is made, and paid, though nobody was told. */
async function submit(call: Submit): Promise<void> {
  const { exchange, context, submission, source } = call;
  const { state, vendor } = context;
  const { prompt } = submission.fields;
  const model = source?.model ?? submission.fields.model;
  const { key = '', method } = exchange.record;
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: submission.bodyBytes });
  state.keys.admit(key);
  refuseMissingModel(model);
  checkCharacters(submission.fields['characters'], key, state);
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method });
  const take = (): VideoRecord =>
    state.videos.add({ ...describe(call), key, model, prompt, fault: keepVideoFields(fault) });
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  const video = early ?? take();
  await sendBody(exchange, JSON.stringify(renderVideo(video, state.clock())), fault);
}

function describe({ exchange, submission, operation, source }: Submit) {
  const { fields, references } = submission;
  const asked = fields.seconds ?? source?.seconds ?? DEFAULT_SECONDS;
  const idempotencyKey = exchange.request.headers['idempotency-key'];
  return {
    operation,
    sourceId: source?.id,
    // An extension tells the length of the whole.
    seconds: operation === 'extension' ? String(Number(source?.seconds ?? 0) + Number(asked)) : asked,
    size: fields.size ?? source?.size ?? sizeOf(fields.aspect_ratio) ?? DEFAULT_SIZE,
    references,
    idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
  };
}

function sizeOf(aspectRatio: string | undefined): string | undefined {
  const [width = 0, height = 0] = (aspectRatio ?? '').split(':').map(Number);
  if (width === 0 || height === 0) return undefined;
  const unit = SHORT_SIDE / Math.min(width, height);
  return `${Math.round(width * unit)}x${Math.round(height * unit)}`;
}
