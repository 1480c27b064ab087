import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoRequest } from '@sluice/contracts/video';
import { doubtRefusal } from '@sluice/upstream-kit/doubt-refusal';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { post } from './gemini.request.js';
import { open } from './veo-open.js';
import { madeOf } from './veo-made.js';
import { readOperation, toOperation } from './veo-operation.js';
import { poll } from './veo-poll.js';
import { toSubmission } from './veo-submission.js';

type Context = UpstreamContext<GeminiCredential>;

/**
 * Videos by Veo. The API lists no operations and cancels none: what is lost at the submission is an operator's to decide, and
 * what is cancelled goes on there.
 */
export const video: Job<'video', GeminiCredential> = { start, poll, open };

const acceptedSchema = z.object({ name: z.string().regex(/^[\w.-]+(?:\/[\w.:-]+)*\/operations\/[\w.-]+$/) });

async function* start(request: VideoRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const { model, kind, clock } = context;
  if (kind === 'vertex-express') throw noVideos();
  const body = await toSubmission(request, {
    model,
    nowMs: clock.now(),
    readMedia: (media) => context.readMedia(media),
  });
  const response = await post({ model, method: 'predictLongRunning', body }, context).catch(doubtRefusal);
  const json = await readJson(response);
  const failure = readToldFailure(json, clock.now());
  if (failure !== undefined) throw failure;
  const accepted = acceptedSchema.safeParse(json);
  if (!accepted.success)
    throw new GatewayError('upstream_bad_answer', 'The upstream told no operation.', { saw: 'unknown' });
  const source = request.source?.operation;
  const made = madeOf(body, source && (readOperation(source).made ?? {}));
  yield { type: 'accepted', operation: toOperation({ id: accepted.data.name, made }) };
}

/** It has other models, and other accounts have this one. */
function noVideos(): GatewayError {
  const message = 'Keys of Vertex AI in express mode make no videos here; those of the Gemini API do.';
  return new GatewayError('upstream_forbidden', message, { saw: 'nothing', scope: 'model' });
}
