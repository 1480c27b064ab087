import { SimulatedFailure } from '../simulated-failure.js';
import type { Exchange } from '../http/exchange.js';
import type { Handler } from '../vendor.js';
import { failsContent, sendVideoFile } from '../videos/send-video-file.js';
import { videoFile } from '../videos/video-file.js';
import { stageOf, type VideoRecord } from '../videos/video-record.js';
import { admitLook, findInProject, idOf } from './veo-operations.js';

const LINK_LIFE_MS = 60_000;

/** GET …/files/{id}:download leads on to the host's own store, where the key is asked for once more. */
export const handleDownload: Handler = async (exchange, context) => {
  const video = await admitted(exchange, context);
  if (video === undefined) return;
  const { contentStatus, content } = video.fault;
  if (contentStatus !== undefined && failsContent(video))
    throw new SimulatedFailure('fault', { status: contentStatus, message: `Simulated failure ${contentStatus}.` });
  const { host = '127.0.0.1' } = exchange.request.headers;
  const home = `http://${host}/gemini/download/v1beta/files/${idOf(video)}?alt=media`;
  const location = content === 'redirect' ? signedLink(video, { host, nowMs: exchange.clock() }) : home;
  exchange.response.writeHead(302, { location, 'content-length': 0 }).end();
};

/** GET /download/v1beta/files/{id}: the bytes. */
export const handleStore: Handler = async (exchange, context) => {
  const video = await admitted(exchange, context);
  const file = video && videoFile(video, 'video');
  if (video !== undefined && file !== undefined) await sendVideoFile(exchange, { file, video });
};

async function admitted(exchange: Exchange, context: Parameters<Handler>[1]): Promise<VideoRecord | undefined> {
  const { state } = context;
  const id = (exchange.parameters[0] ?? '').replace(/:download$/, '');
  const video = findInProject(id, { key: exchange.record.key ?? '', state });
  const admission = await admitLook(exchange, { context, video });
  if (admission.answered) return undefined;
  if (stageOf(video, state.clock()).status === 'completed') return video;
  throw new SimulatedFailure('invalid-request', { status: 404, message: 'Requested entity was not found.' });
}

/** To another name of this machine: a client that shows its key there has leaked it. */
function signedLink(video: VideoRecord, { host, nowMs }: { host: string; nowMs: number }): string {
  const expiresAtMs = video.fault.expiredLink && failsContent(video) ? nowMs - 1 : nowMs + LINK_LIFE_MS;
  return `http://${host.replace('127.0.0.1', 'localhost')}/storage/videos/${video.id}?se=${expiresAtMs}`;
}
