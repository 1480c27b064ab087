import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import type { VideoRequest } from '@sluice/contracts/video';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { cancel } from './sora.cancel.js';
import type { ApiCredential } from './sora.credential.js';
import { find } from './sora.find.js';
import { encodeForm } from './sora.multipart.js';
import { open } from './sora.open.js';
import { toOperation } from './sora.operation.js';
import { poll } from './sora.poll.js';
import { callJson } from './sora.request.js';
import { readVideo } from './sora.schema.js';
import { toStep } from './sora.step.js';
import { formFields, toSubmission, type Submission } from './sora.submission.js';

type Context = UpstreamContext<ApiCredential>;

/** Videos at a vendor: submitted once, looked at by the account's owner, fetched when they are done. */
export const video: Job<'video', ApiCredential> = { start, poll, find, cancel, open };

const UNSUPPORTED_MEDIA_TYPE = 415;

async function* start(request: VideoRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const submitted = readVideo(await submit(toSubmission(request, context.model), context));
  const accepted = { id: submitted.id, acceptedAtMs: context.clock.now() };
  yield { type: 'accepted', operation: toOperation(accepted) };
  const step = toStep(submitted, accepted, context.baseUrl);
  if (step.type !== 'running') yield step;
}

/** Files want a form. Without any, JSON; a vendor that takes forms alone says so before it takes anything on. */
async function submit(submission: Submission, context: Context): Promise<Json> {
  if (submission.files.length > 0) return postForm(submission, context);
  try {
    return await postJson(submission, context);
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus !== UNSUPPORTED_MEDIA_TYPE) throw thrown;
    return postForm(submission, context);
  }
}

async function postJson({ path, fields }: Submission, context: Context): Promise<Json> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': context.generationId };
  const { json } = await callJson({ method: 'POST', path, headers, body: JSON.stringify(fields) }, context);
  return json;
}

async function postForm({ path, fields, files }: Submission, context: Context): Promise<Json> {
  const form = encodeForm({
    fields: formFields(fields),
    files,
    // Not to be guessed by who writes a prompt.
    boundary: `sluice-${context.generationId}-${crypto.randomUUID()}`,
    readMedia: (media) => context.readMedia(media),
  });
  const headers = { ...form.headers, 'idempotency-key': context.generationId };
  const { json } = await callJson({ method: 'POST', path, headers, body: form.body }, context);
  return json;
}
