import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import { doubtRefusal } from '@sluice/upstream-kit/doubt-refusal';
import type { Job, JobStep, OperationStep } from '@sluice/upstream-kit/job';
import type { AccountContext, UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { XaiCredential } from './grok.credential.js';
import { postJson } from './xai.request.js';
import { pollVideos } from './xai.video-poll.js';
import { videoCall } from './xai.video-request.js';

/**
 * Videos of the official API: submitted once and polled with the key that submitted them. It lists none and cancels none, so a
 * lost reply stays unknown. Their URLs are public, and temporary.
 */
export const xaiVideo: Job<'video', XaiCredential> = { start, poll };

async function* start(
  request: VideoRequest,
  context: UpstreamContext<XaiCredential>,
): AsyncGenerator<JobStep, void, undefined> {
  const answer = await postJson(await videoCall(request, context), context).catch(doubtRefusal);
  const id = isJsonObject(answer) ? answer['request_id'] : undefined;
  if (typeof id !== 'string' || id === '')
    throw new GatewayError('upstream_bad_answer', 'The upstream took the video without an id.', { saw: 'unknown' });
  yield { type: 'accepted', operation: { id, acceptedAtMs: context.clock.now() } };
}

function poll(operations: readonly Operation[], context: AccountContext<XaiCredential>): Promise<OperationStep[]> {
  return pollVideos(operations, context);
}
