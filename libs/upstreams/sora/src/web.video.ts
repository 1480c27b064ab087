import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { VideoRequest } from '@sluice/contracts/video';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { openFile } from './web.files.js';
import { isUnpaid } from './web.error.js';
import { findVideo } from './web.find.js';
import { toOperation } from './web.operation.js';
import { pollVideos } from './web.poll.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { draftOf, publish } from './web.publish.js';
import { makeReferences, removeReferences } from './web.references.js';
import { removeVideo } from './web.remove.js';
import type { WebCall } from './web.request.js';
import { callProtected } from './web.sentinel.js';
import { uploadPicture } from './web.upload.js';
import { createBody, toWebVideo, type WebVideo } from './web.video-request.js';

type Context = UpstreamContext<WebCredential>;

/** Videos of the website: uploads and posts come first and cost nothing; then one paid call, after which lists tell the rest. */
export function createWebVideo(proofOfWork: ProofOfWork): Job<'video', WebCredential> {
  return {
    start: (request, context) => start(request, context, proofOfWork),
    poll: pollVideos,
    find: findVideo,
    remove: removeVideo,
    open: openFile,
  };
}

async function* start(
  request: VideoRequest,
  context: Context,
  proofOfWork: ProofOfWork,
): AsyncGenerator<JobStep, void, undefined> {
  const video = toWebVideo(request, context.model);
  const references: string[] = [];
  let mayBeTaken = false;
  try {
    const pictures = request.references?.filter(({ role }) => role === 'reference') ?? [];
    await makeReferences(pictures, { made: references, context });
    // Noted with the intent: whoever finds the video after a lost answer removes them in the end.
    if (references.length > 0) yield { type: 'prepared', facts: { references } };
    const call = await prepare(request, { video, references, context, proofOfWork });
    const id = taskIn(await callProtected(call, context, proofOfWork));
    mayBeTaken = true;
    const { rendition } = video.options;
    const shared = { acceptedAtMs: context.clock.now(), references };
    yield {
      type: 'accepted',
      operation: toOperation({ id, ...shared, ...(rendition === 'unmarked' && { rendition }) }),
    };
  } catch (thrown) {
    mayBeTaken = !isUnpaid(thrown);
    throw thrown;
  } finally {
    if (!mayBeTaken) await removeReferences(references, context);
  }
}

async function prepare(
  { source, references: pictures = [] }: VideoRequest,
  {
    video,
    references,
    context,
    proofOfWork,
  }: { video: WebVideo; references: readonly string[]; context: Context; proofOfWork: ProofOfWork },
): Promise<WebCall> {
  const { kind, options, prompt, seconds } = video;
  if (kind === 'extension') {
    const draft = options.extend_generation_id ?? (source ? draftOf(source) : '');
    const path = `/project_y/profile/drafts/${encodeURIComponent(draft)}/long_video_extension`;
    return { path, body: { user_prompt: prompt, extension_duration_s: seconds, enable_rewrite: true } };
  }
  if (kind === 'remix') {
    const post = options.remix_target_id ?? (source ? await publish(draftOf(source), context, proofOfWork) : '');
    return { path: '/nf/create', body: createBody(video, { inpaintItems: [], post }) };
  }
  const inpaintItems = [];
  for (const { role, media } of pictures)
    if (role === 'first-frame') inpaintItems.push({ kind: 'upload', upload_id: await uploadPicture(media, context) });
  return {
    path: kind === 'storyboard' ? '/nf/create/storyboard' : '/nf/create',
    body: createBody(video, { inpaintItems, references }),
  };
}

/** The only word of it that is relied upon. */
export function taskIn(answer: Json): string {
  const id = isJsonObject(answer) ? answer['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream took the work without telling its id.', {
    saw: 'unknown',
  });
}
