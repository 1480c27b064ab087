import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { SimulatorState } from '../simulator-state.js';
import type { VideoRecord } from './video-record.js';

/** The video that the path names, in the caller's own account. */
export function findOwnVideo(exchange: Exchange, { videos }: SimulatorState): VideoRecord {
  return ownVideo(exchange.parameters[0] ?? '', { key: exchange.record.key, videos });
}

export function ownVideo(
  id: string,
  { key, videos }: { key: string | undefined; videos: SimulatorState['videos'] },
): VideoRecord {
  const video = videos.find(id);
  if (video !== undefined && video.key === key) return video;
  throw new SimulatedFailure('invalid-request', { status: 404, message: `Video with id '${id}' not found.` });
}
