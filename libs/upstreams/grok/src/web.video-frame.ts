import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

export interface VideoFrame {
  videoId: string;
  progress: number;
  /** Once it is done. */
  url: string | undefined;
  thumbnail: string | undefined;
  isRefused: boolean;
}

const DONE = 100;

/** What a frame tells of a video; undefined where it tells of something else. */
export function readVideoFrame({ streamingVideoGenerationResponse: told }: JsonObject): VideoFrame | undefined {
  if (!isJsonObject(told)) return undefined;
  const { videoId, progress, videoUrl, thumbnailImageUrl, moderated } = told;
  if (typeof videoId !== 'string' || videoId === '') return undefined;
  const percent = typeof progress === 'number' ? progress : 0;
  const url = percent >= DONE ? text(videoUrl) : undefined;
  return {
    videoId,
    progress: Math.min(percent, DONE - 1),
    url,
    thumbnail: text(thumbnailImageUrl),
    // All of it made, and nothing to see.
    isRefused: moderated === true || (percent >= DONE && url === undefined),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
