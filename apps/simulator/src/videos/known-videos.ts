import { z } from 'zod';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { sendText } from '../http/send-text.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { admitKnown } from './admit-known.js';
import { findOwnVideo } from './find-own-video.js';
import { renderVideo } from './render-video.js';
import { stageOf, type VideoRecord } from './video-record.js';

const listQuerySchema = z.object({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(0).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** GET /v1/videos/{id} */
export const handleRetrieve: Handler = async (exchange, context) => {
  const video = findOwnVideo(exchange, context.state);
  const admission = await admitKnown(exchange, { context, video });
  if (admission.answered || failsPoll(exchange, video)) return;
  await sendBody(exchange, JSON.stringify(renderVideo(video, context.state.clock())), admission.fault);
};

/** GET /v1/videos */
export const handleList: Handler = async (exchange, context) => {
  const { state } = context;
  const admission = await admitKnown(exchange, { context, video: undefined });
  if (admission.answered) return;
  const query = listQuerySchema.safeParse(Object.fromEntries(queryOf(exchange)));
  if (!query.success)
    throw new SimulatedFailure('invalid-request', { status: 400, message: z.prettifyError(query.error) });
  const { after, limit, order } = query.data;
  const newestFirst = state.videos.listOf(exchange.record.key ?? '');
  const all = order === 'desc' ? newestFirst : newestFirst.toReversed();
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const page = all.slice(start, start + limit);
  const list = {
    object: 'list',
    data: page.map((video) => renderVideo(video, state.clock())),
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: start + limit < all.length,
  };
  await sendBody(exchange, JSON.stringify(list), admission.fault);
};

/** DELETE /v1/videos/{id}: of what has ended only. */
export const handleDelete: Handler = async (exchange, context) => {
  const { state } = context;
  const video = findOwnVideo(exchange, state);
  const admission = await admitKnown(exchange, { context, video });
  if (admission.answered) return;
  const { status } = stageOf(video, state.clock());
  if (status === 'queued' || status === 'in_progress') throw conflict(`Video is ${status}; it cannot be deleted yet.`);
  state.videos.remove(video.id);
  await sendBody(exchange, JSON.stringify({ id: video.id, object: 'video.deleted', deleted: true }), admission.fault);
};

/** POST /v1/videos/{id}/cancel, which some vendors have. */
export const handleCancel: Handler = async (exchange, context) => {
  const { state } = context;
  const video = findOwnVideo(exchange, state);
  if (video.fault.noCancel)
    throw new SimulatedFailure('unknown-path', { status: 404, message: `Invalid URL (POST ${exchange.path})` });
  const admission = await admitKnown(exchange, { context, video });
  if (admission.answered) return;
  const { status } = stageOf(video, state.clock());
  if (status === 'completed' || status === 'failed') throw conflict(`Video has ${status} already.`);
  video.cancelledAtMs ??= state.clock();
  await sendBody(exchange, JSON.stringify(renderVideo(video, state.clock())), admission.fault);
};

/** Plays what the video's own markers want of a look at it. */
export function failsPoll(exchange: Exchange, video: VideoRecord): boolean {
  const { pollStatus, pollHtml, pollFailTimes = 1 } = video.fault;
  if (pollStatus === undefined && !pollHtml) return false;
  video.polls += 1;
  // The first look is let through: the failure comes in the middle.
  if (video.polls === 1 || video.polls > pollFailTimes + 1) return false;
  if (pollHtml) {
    const text = '<html><body>Simulated gateway page.</body></html>';
    sendText(exchange.response, { status: pollStatus ?? 200, contentType: 'text/html', text });
    return true;
  }
  throw new SimulatedFailure('fault', { status: pollStatus ?? 500, message: `Simulated failure ${pollStatus}.` });
}

function conflict(message: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 409, message });
}

function queryOf({ request }: Exchange): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}
