import { SimulatedFailure } from '../simulated-failure.js';
import type { Exchange } from '../http/exchange.js';
import type { Handler } from '../vendor.js';
import { admitKnown } from './admit-known.js';
import { findOwnVideo } from './find-own-video.js';
import { failsContent, sendVideoFile } from './send-video-file.js';
import { videoFile } from './video-file.js';
import { stageOf, type VideoRecord } from './video-record.js';

const LINK_LIFE_MS = 60_000;

/** GET /v1/videos/{id}/content: the bytes, or the way to the storage that has them. */
export const handleContent: Handler = async (exchange, context) => {
  const { state } = context;
  const video = findOwnVideo(exchange, state);
  const admission = await admitKnown(exchange, { context, video });
  if (admission.answered) return;
  const { status } = stageOf(video, state.clock());
  if (status !== 'completed')
    throw new SimulatedFailure('invalid-request', { status: 409, message: `Video is ${status}; it has no content.` });
  const variant = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams.get('variant') ?? 'video';
  const file = videoFile(video, variant);
  if (file === undefined)
    throw new SimulatedFailure('invalid-request', { status: 400, message: `There is no variant '${variant}'.` });
  const { contentStatus, content } = video.fault;
  if (contentStatus !== undefined && failsContent(video))
    throw new SimulatedFailure('fault', { status: contentStatus, message: `Simulated failure ${contentStatus}.` });
  if (content === 'redirect' && variant === 'video') return redirect(exchange, video, state.clock());
  await sendVideoFile(exchange, { file, video });
};

/** To another name of this machine: a client that shows its key there has leaked it. */
function redirect(exchange: Exchange, video: VideoRecord, nowMs: number): void {
  const { host = '127.0.0.1' } = exchange.request.headers;
  const expiresAtMs = video.fault.expiredLink && failsContent(video) ? nowMs - 1 : nowMs + LINK_LIFE_MS;
  const location = `http://${host.replace('127.0.0.1', 'localhost')}/storage/videos/${video.id}?se=${expiresAtMs}`;
  exchange.response.writeHead(302, { location, 'content-length': 0 }).end();
}
