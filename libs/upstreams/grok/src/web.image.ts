import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import type { HeldFile, Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { WebCredential } from './grok.credential.js';
import { readPicture } from './web.assets.js';
import { conversationBody } from './web.chat.js';
import { imagine } from './web.imagine.js';
import { editBody } from './web.image-edit.js';
import { readImageFrame } from './web.image-frame.js';
import { readFrames } from './web.frames.js';
import { refusePictures } from './web.image-refusals.js';
import { callWeb } from './web.request.js';
import { readUpload, upload } from './web.upload.js';

type Context = UpstreamContext<WebCredential>;

/** A call makes two. */
const PICTURES_A_CALL = 2;
const PAGE = '/imagine';

/** Pictures as the site's drawing page makes them; else by a chat, which tells of each where it lies in the account. */
export const webImage: Job<'image', WebCredential> = { isAttended: true, start };

async function* start(request: ImageRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  refusePictures(request);
  const isEdit = (request.pictures ?? []).length > 0;
  const drawn = isEdit ? undefined : await imagine(request, context);
  const files = drawn ?? (await byChat(request, context));
  yield { type: 'done', operation: { id: context.generationId }, files };
}

async function byChat(request: ImageRequest, context: Context): Promise<HeldFile[]> {
  const { count = 1 } = request;
  const body = await bodyOf(request, context);
  const made: HeldFile[] = [];
  let failure: GatewayError | undefined;
  // The first call decides: what later ones fail at is what the first has not made.
  for (let calls = 0; made.length < count && calls * PICTURES_A_CALL < count; calls += 1) {
    try {
      const some = await makeSome(body, context);
      // A call that tells neither pictures nor a failure is not made again: it may have been paid.
      if (some.length === 0) break;
      made.push(...some);
    } catch (thrown) {
      failure = toGatewayError(thrown);
      if (made.length === 0) throw failure;
      break;
    }
  }
  if (made.length === 0)
    throw new GatewayError('upstream_bad_answer', 'The upstream answered without a picture.', { saw: 'unknown' });
  return made.slice(0, count);
}

async function bodyOf(request: ImageRequest, context: Context): Promise<JsonObject> {
  const { prompt, pictures = [] } = request;
  const { model } = context;
  if (pictures.length === 0) return conversationBody({ model, message: `Image Generation: ${prompt}`, fileIds: [] });
  const uris: string[] = [];
  for (const picture of pictures) uris.push((await upload(await readUpload(picture, context), context)).uri);
  return editBody({ prompt, uris, context });
}

async function makeSome(body: JsonObject, context: Context): Promise<HeldFile[]> {
  const response = await callWeb({ path: '/rest/app-chat/conversations/new', body, page: PAGE }, context);
  const paths = new Set<string>();
  let isModerated = false;
  for await (const frame of readFrames(response)) {
    const told = readImageFrame(frame);
    for (const path of told.paths) paths.add(path);
    isModerated ||= told.isModerated;
  }
  if (paths.size === 0 && isModerated)
    throw new GatewayError('content_refused', 'The upstream refused to show what it made.', { saw: 'refused' });
  return fetchAll(paths, context);
}

/** They are made: one that cannot be fetched is left out, and none is made again for it. */
async function fetchAll(paths: Iterable<string>, context: Context): Promise<HeldFile[]> {
  const files: HeldFile[] = [];
  let failure: GatewayError | undefined;
  for (const path of paths) {
    try {
      files.push({ role: 'result', bytes: (await readPicture(path, context)).bytes });
    } catch (thrown) {
      failure = toGatewayError(thrown);
    }
  }
  if (files.length === 0 && failure) throw GatewayError.fromData({ ...failure.data, saw: 'unknown' });
  return files;
}
