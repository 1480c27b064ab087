import type { HttpResponse } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { asImageFailure, toImageFailure } from './image-failure.js';
import { encodeImageFields, isStreamWanted } from './image-fields.js';
import { readImages } from './image-stream.js';
import { createMultipart, type MultipartFile } from './multipart.js';
import { asKeyHolder, type OpenaiCredential } from './openai.credential.js';
import { sendUnread } from './openai.request.js';

type Context = UpstreamContext<OpenaiCredential>;

/** A picture can take many minutes, in which a vendor that does not stream says nothing; the deadline is the runtime's. */
const PATIENCE_MS = 60 * 60_000;

/** Pictures of any vendor that speaks OpenAI's protocol. The call is the work: nothing can be looked up, or ended there. */
export const image: Job<'image', OpenaiCredential> = { isAttended: true, start };

async function* start(request: ImageRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const holder = asKeyHolder(context, 'pictures');
  const response = await ask(request, holder);
  if (response.status < 200 || response.status > 299) throw await toImageFailure(response, context.clock.now());
  // Nobody asks for it again: it only has to be this work's own.
  const work = { operation: { id: context.generationId }, nowMs: context.clock.now() };
  try {
    for await (const step of readImages(response, { context, work })) yield step;
  } catch (thrown) {
    throw asImageFailure(thrown);
  }
}

function ask(request: ImageRequest, context: Context): Promise<HttpResponse> {
  const accept = isStreamWanted(request, context.model) ? 'text/event-stream, application/json' : 'application/json';
  const timeouts = { headersTimeoutMs: PATIENCE_MS, idleTimeoutMs: PATIENCE_MS };
  const fields = encodeImageFields(request, context.model);
  if (request.pictures === undefined || request.pictures.length === 0) {
    const headers = { accept, 'content-type': 'application/json' };
    return sendUnread({ path: '/images/generations', headers, body: JSON.stringify(fields), ...timeouts }, context);
  }
  const form = createMultipart({
    fields: Object.entries(fields).flatMap(([name, value]) => formField(name, value)),
    files: filesOf(request, context),
  });
  return sendUnread(
    { path: '/images/edits', headers: { ...form.headers, accept }, body: form.body, ...timeouts },
    context,
  );
}

function formField(name: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
}

/** One picture goes under the name that every vendor knows. */
function filesOf({ pictures = [], mask }: ImageRequest, context: Context): MultipartFile[] {
  const name = pictures.length === 1 ? 'image' : 'image[]';
  const toFile = (field: string, media: StoredMedia, index: number): MultipartFile => {
    const filename =
      media.filename ?? `${field.replace('[]', '')}-${index + 1}.${media.mediaType.split('/')[1] ?? 'png'}`;
    return { name: field, media: { ...media, filename }, body: context.readMedia(media) };
  };
  const files = pictures.map((media, index) => toFile(name, media, index));
  return mask ? [...files, toFile('mask', mask, 0)] : files;
}
