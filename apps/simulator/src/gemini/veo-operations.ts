import { admit, type Admission } from '../faults/admit.js';
import { withoutMarkers } from '../faults/read-markers.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { SimulatorState } from '../simulator-state.js';
import { failsPoll } from '../videos/known-videos.js';
import { stageOf, type VideoRecord } from '../videos/video-record.js';
import type { Handler, HandlerContext } from '../vendor.js';

const RESPONSE_TYPE = 'type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse';
const FILTERED =
  "Veo could not generate videos because the input image or prompt violates Gemini API's usage guidelines. Support codes: 29310472";

/** GET …/models/{model}/operations/{id}: there is no list of them. */
export const handleGetOperation: Handler = async (exchange, context) => {
  const { state } = context;
  const id = exchange.parameters[1] ?? '';
  const video = findInProject(id, { key: exchange.record.key ?? '', state });
  const admission = await admitLook(exchange, { context, video });
  if (admission.answered || failsPoll(exchange, video)) return;
  await sendBody(exchange, JSON.stringify(renderOperation(video, exchange), null, 2), admission.fault);
};

/** A look at what is there: no call of a model's, so no quota counts it. Standing rules hold. */
export function admitLook(
  exchange: Exchange,
  { context, video }: { context: HandlerContext; video: VideoRecord },
): Admission | Promise<Admission> {
  return admit(exchange, context, { model: '', prompt: withoutMarkers(video.prompt) });
}

/** `veo1` as Google's ids look: letters and digits alone. */
export function idOf({ id }: VideoRecord): string {
  return id.replace('video_sim', 'veo');
}

export function operationName(video: VideoRecord): string {
  return `models/${video.model}/operations/${idOf(video)}`;
}

/** The id of the file that an address names. */
export function fileIn(uri: string): string {
  return /files\/([a-z0-9]+)/.exec(uri)?.[1] ?? '';
}

/** Operations and files belong to the project of the key that made them. Another's are as unknown as none, or forbidden. */
export function findInProject(id: string, { key, state }: { key: string; state: SimulatorState }): VideoRecord {
  const video = state.videos.find(id.replace(/^veo/, 'video_sim'));
  if (video === undefined) throw refusal(404, 'Requested entity was not found.');
  if (state.quotas.isOneProject(video.key, key)) return video;
  throw refusal(403, `You do not have permission to access the File ${id} or it may not exist.`);
}

function renderOperation(video: VideoRecord, exchange: Exchange): Record<string, unknown> {
  const name = operationName(video);
  const { status } = stageOf(video, exchange.clock());
  if (status === 'queued' || status === 'in_progress') return { name };
  if (video.fault.moderated) return done(name, { raiMediaFilteredCount: 1, raiMediaFilteredReasons: [FILTERED] });
  if (status !== 'completed') {
    const message = 'Video generation failed due to an internal server issue. Please try again in a few minutes.';
    return { name, done: true, error: { code: 13, message } };
  }
  const { host = '127.0.0.1' } = exchange.request.headers;
  const uri = `http://${host}/gemini/v1beta/files/${idOf(video)}:download?alt=media`;
  return done(name, { generatedSamples: [{ video: { uri } }] });
}

function done(name: string, generateVideoResponse: Record<string, unknown>): Record<string, unknown> {
  return { name, done: true, response: { '@type': RESPONSE_TYPE, generateVideoResponse } };
}

function refusal(status: number, message: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status, message });
}
