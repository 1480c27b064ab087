import type { Exchange } from '../http/exchange.js';
import type { VideoFile } from './video-file.js';
import type { VideoRecord } from './video-record.js';

const MISSING_BYTES = 64;

/** Sends a file, whole or broken in the way the video's markers ask for. */
export async function sendVideoFile(exchange: Exchange, { file, video }: { file: VideoFile; video: VideoRecord }) {
  const { response } = exchange;
  const { truncated, wrongLength } = video.fault;
  const isBroken = (truncated ?? wrongLength ?? false) && failsContent(video);
  const announced = file.bytes.length + (isBroken && wrongLength ? MISSING_BYTES : 0);
  response.writeHead(200, { 'content-type': file.mediaType, 'content-length': announced });
  if (!isBroken) return void response.end(file.bytes);
  const sent = wrongLength ? file.bytes : file.bytes.subarray(0, file.bytes.length / 2);
  await new Promise<void>((resolve) => response.write(sent, () => resolve()));
  exchange.hangUp();
}

/** True for as many calls as the video's markers want to fail. */
export function failsContent(video: VideoRecord): boolean {
  video.contentCalls += 1;
  return video.contentCalls <= (video.fault.contentFailTimes ?? 1);
}
