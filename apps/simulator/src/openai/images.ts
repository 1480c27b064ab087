import { chooseFault } from '../faults/choose-fault.js';
import type { Framing } from '../faults/event-stream.js';
import { preempt, renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import { wait } from '../faults/wait.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler, HandlerContext } from '../vendor.js';
import { base64Of, describeRun, drawImage, imageCount, imageUsage, type ImageWork, listImages } from './make-images.js';
import { refuseMissingModel } from './models.js';
import { readImageRequest } from './read-image-request.js';

/** POST /v1/images/generations: pictures of one color, in the asked size and format. */
export const handleImages: Handler = async (exchange, context) => {
  const request = await readImageRequest(exchange);
  await answer({ exchange, request, context, name: 'image_generation' });
};

/** POST /v1/images/edits, as a form or JSON. */
export const handleImageEdits: Handler = async (exchange, context) => {
  const request = await readImageRequest(exchange);
  if (!request.pictures.some(({ field }) => field !== 'mask')) throw missing('image');
  await answer({ exchange, request, context, name: 'image_edit' });
};

type Call = Pick<ImageWork, 'exchange' | 'request'> & { context: HandlerContext; name: string };

/** A fault with `accept-first` comes after the work was taken on: it is done, and paid, though nobody was told. */
async function answer({ exchange, request, context, name }: Call): Promise<void> {
  const { state, vendor } = context;
  const { prompt, model } = request.fields;
  const { key = '', method } = exchange.record;
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: request.bodyBytes });
  state.keys.admit(key);
  state.quotas.admit(key, model);
  refuseMissingModel(model);
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method });
  const count = imageCount({ request, fault });
  const take = () => state.images.take(prompt, { count, pictures: request.pictures });
  if (fault?.moderated) throw moderated();
  if (fault?.acceptFirst) take();
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  if (!fault?.acceptFirst) take();
  const work: ImageWork = { request, fault, exchange, state };
  if (request.fields.stream) return sendImageEvents(work, { name, context });
  await wait(fault?.imageMs, exchange.signal);
  const body = {
    created: Math.floor(state.clock() / 1000),
    ...describeRun(request),
    data: listImages(work),
    usage: imageUsage(request, count),
  };
  await sendBody(exchange, JSON.stringify(body), fault);
}

async function sendImageEvents(work: ImageWork, { name, context }: { name: string; context: HandlerContext }) {
  const { exchange, fault } = work;
  const pause = fault?.imageMs === undefined ? {} : { firstEventDelayMs: fault.imageMs, chunkDelayMs: fault.imageMs };
  const errorEvent = () => renderedError(fault ?? {}, context.vendor);
  await sendEvents(exchange, { events: eventsOf(work, name), errorEvent, framing }, fault && { ...pause, ...fault });
}

function* eventsOf(work: ImageWork, name: string): Generator<string> {
  const { request, fault, state } = work;
  const common = { created_at: Math.floor(state.clock() / 1000), ...describeRun(request) };
  for (let index = 0; index < request.fields.partial_images; index += 1) {
    const b64_json = base64Of(drawImage(work, `partial ${index}`), fault);
    yield JSON.stringify({ type: `${name}.partial_image`, b64_json, partial_image_index: index, ...common });
  }
  for (let index = 0; index < imageCount(work); index += 1) {
    const b64_json = base64Of(drawImage(work, String(index)), fault);
    yield JSON.stringify({ type: `${name}.completed`, b64_json, ...common, usage: imageUsage(request, 1) });
  }
}

const framing: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (data) => `event: ${/^\{"type":"([^"]+)"/.exec(data)?.[1] ?? 'message'}\ndata: ${data}\n\n`,
  closing: '',
  frameError: (data) => `event: error\ndata: ${data}\n\n`,
};

function moderated(): SimulatedFailure {
  return new SimulatedFailure('invalid-request', {
    status: 400,
    message: 'Your request was rejected by the safety system. If you believe this is an error, contact us.',
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
  });
}

function missing(parameter: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', {
    status: 400,
    message: `Missing required parameter: '${parameter}'.`,
    code: 'missing_required_parameter',
    parameter,
  });
}
