import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { keepVideoFields } from '../videos/video-fields.js';
import type { ReceivedReference, VideoRecord } from '../videos/video-record.js';
import type { ModelCall } from './model-call.js';
import { requireModel } from './model-family.js';
import { readRequest } from './read-request.js';
import { fileIn, findInProject, operationName } from './veo-operations.js';
import { checkVeoRequest, veoRequestSchema, type VeoRequest } from './veo-request.js';

const SIZES: Readonly<Record<string, string>> = {
  '720p 16:9': '1280x720',
  '720p 9:16': '720x1280',
  '1080p 16:9': '1920x1080',
  '1080p 9:16': '1080x1920',
  '4k 16:9': '3840x2160',
  '4k 9:16': '2160x3840',
};

/**
 * POST …/models/{model}:predictLongRunning. A fault with `accept-first` comes after the video was taken on: it is made, and
 * paid, though nobody was told.
 */
export async function predictLongRunning(exchange: Exchange, { model, state, vendor }: ModelCall): Promise<void> {
  const { text, value } = await readRequest(exchange, { type: 'PredictLongRunningRequest', schema: veoRequestSchema });
  const { key = '', method } = exchange.record;
  const prompt = value.instances[0]?.prompt ?? '';
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: text.length });
  state.keys.admit(key);
  state.quotas.admit(key, model);
  requireModel(model, 'predictLongRunning');
  checkVeoRequest(value, model);
  const uri = value.instances[0]?.video?.uri;
  const source = uri === undefined ? undefined : findInProject(fileIn(uri), { key, state });
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method });
  const take = (): VideoRecord =>
    state.videos.add({ ...describe(value, source), key, model, prompt, fault: keepVideoFields(fault) });
  const early = fault?.acceptFirst ? take() : undefined;
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  await sendBody(exchange, JSON.stringify({ name: operationName(early ?? take()) }), fault);
}

function describe({ instances, parameters }: VeoRequest, source: VideoRecord | undefined) {
  const { durationSeconds = 8, resolution = '720p', aspectRatio = '16:9' } = parameters;
  const { image, lastFrame, referenceImages = [] } = instances[0] ?? {};
  const pictures = [
    { field: 'image', image },
    { field: 'lastFrame', image: lastFrame },
    ...referenceImages.map((each) => ({ field: 'referenceImages', image: each.image })),
  ];
  return {
    operation: source === undefined ? ('create' as const) : ('extension' as const),
    sourceId: source?.id,
    seconds: String(source === undefined ? durationSeconds : Number(source.seconds) + 7),
    size: SIZES[`${resolution} ${aspectRatio}`] ?? '1280x720',
    references: pictures.flatMap(({ field, image: given }) => (given === undefined ? [] : [received(field, given)])),
    idempotencyKey: undefined,
  };
}

function received(field: string, image: { bytesBase64Encoded: string; mimeType: string }): ReceivedReference {
  const bytes = Buffer.from(image.bytesBase64Encoded, 'base64').length;
  return { field, mediaType: image.mimeType, bytes, link: undefined };
}
