import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { VideoRequest } from '@sluice/contracts/video';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { assetUrl, openAsset } from './web.assets.js';
import { asRefusal } from './web.error.js';
import { readFrames } from './web.frames.js';
import { callWeb, callWebJson } from './web.request.js';
import { readUpload, upload } from './web.upload.js';
import { findVideo, pollVideos } from './web.video-find.js';
import { readVideoFrame } from './web.video-frame.js';
import { toWebVideo, type WebVideo } from './web.video-request.js';

type Context = UpstreamContext<WebCredential>;

const PAGE = '/imagine';
const HEADERS_TIMEOUT_MS = 60_000;

/**
 * A post is made, which is free; then the paid call tells the video's progress to its end. A video whose stream was lost is found
 * again among the account's assets.
 */
export const webVideo: Job<'video', WebCredential> = {
  start,
  poll: pollVideos,
  find: findVideo,
  open: (file, context) => openAsset(file.url, context),
};

async function* start(request: VideoRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const wanted = toWebVideo(request);
  const postId = await createPost(request, context);
  yield { type: 'prepared', facts: { postId } };
  const call = { path: '/rest/app-chat/conversations/new', body: conversation(wanted, postId), page: PAGE };
  const response = await callWeb({ ...call, headersTimeoutMs: HEADERS_TIMEOUT_MS }, context);
  let videoId: string | undefined;
  for await (const frame of untilBegun(readFrames(response))) {
    const told = readVideoFrame(frame);
    // Two can be made side by side: the first that shows itself is the one that was asked for.
    if (told === undefined || (videoId !== undefined && told.videoId !== videoId)) continue;
    const operation = { id: postId, videoId: told.videoId };
    if (videoId === undefined) yield { type: 'accepted', operation };
    ({ videoId } = told);
    if (told.isRefused) {
      yield { type: 'failed', operation, error: refused() };
      return;
    }
    if (told.url === undefined) {
      yield { type: 'running', operation, progress: told.progress };
      continue;
    }
    yield await done(told.url, { operation, wanted, thumbnail: told.thumbnail, context });
    return;
  }
  if (videoId === undefined)
    throw new GatewayError('upstream_interrupted', 'The upstream ended its answer before it began the video.', {
      saw: 'unknown',
    });
}

/** What is said before the first sign of a video is said in place of one. */
async function* untilBegun(frames: AsyncIterable<JsonObject>): AsyncGenerator<JsonObject, void, undefined> {
  let hasBegun = false;
  try {
    for await (const frame of frames) {
      hasBegun ||= readVideoFrame(frame) !== undefined;
      yield frame;
    }
  } catch (thrown) {
    throw hasBegun ? thrown : asRefusal(thrown);
  }
}

async function done(
  url: string,
  more: { operation: JsonObject; wanted: WebVideo; thumbnail: string | undefined; context: Context },
): Promise<JobStep> {
  const { operation, wanted, thumbnail, context } = more;
  const better = wanted.isUpscaled ? await upscale(String(operation['videoId']), context) : undefined;
  return {
    type: 'done',
    operation,
    files: [
      { url: assetUrl(better ?? url, context), role: 'result', needsCredential: true },
      ...(thumbnail === undefined
        ? []
        : [{ url: assetUrl(thumbnail, context), role: 'thumbnail' as const, needsCredential: true }]),
    ],
    facts: { durationSeconds: wanted.seconds, aspectRatio: wanted.aspectRatio, resolution: wanted.resolution },
  };
}

/** What the film starts from is brought there first. */
async function createPost({ prompt, references = [] }: VideoRequest, context: Context): Promise<string> {
  const [picture] = references;
  const body = picture
    ? {
        mediaType: 'MEDIA_POST_TYPE_IMAGE',
        mediaUrl: assetUrl((await upload(await readUpload(picture.media, context), context)).uri, context),
      }
    : { mediaType: 'MEDIA_POST_TYPE_VIDEO', prompt };
  const answer = await callWebJson({ path: '/rest/media/post/create', body, page: PAGE }, context).catch(unpaid);
  const post = isJsonObject(answer) ? answer['post'] : undefined;
  const id = isJsonObject(post) ? post['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream made a post without an id.', { saw: 'refused' });
}

function conversation({ message, aspectRatio, seconds, resolution }: WebVideo, postId: string): JsonObject {
  const videoGenModelConfig = { parentPostId: postId, aspectRatio, videoLength: seconds, videoResolution: resolution };
  return {
    temporary: true,
    modelName: 'grok-3',
    message,
    toolOverrides: { videoGen: true },
    enableSideBySide: true,
    responseMetadata: { experiments: [], modelConfigOverride: { modelMap: { videoGenModelConfig } } },
  };
}

/** A video that is there is not lost for want of a better one. */
async function upscale(videoId: string, context: Context): Promise<string | undefined> {
  try {
    const answer = await callWebJson({ path: '/rest/media/video/upscale', body: { videoId }, page: PAGE }, context);
    const url = isJsonObject(answer) ? answer['hdMediaUrl'] : undefined;
    return typeof url === 'string' && url !== '' ? url : undefined;
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    return undefined;
  }
}

function refused() {
  return {
    code: 'content_refused',
    message: 'The upstream refused to show the video that it made.',
    saw: 'refused',
  } as const;
}

/** The paid call has not been made yet. */
function unpaid(thrown: unknown): never {
  if (!(thrown instanceof GatewayError) || thrown.data.saw !== 'unknown') throw thrown;
  const { code, message, ...rest } = thrown.data;
  throw new GatewayError(code, message, { ...rest, saw: 'refused', cause: thrown });
}
