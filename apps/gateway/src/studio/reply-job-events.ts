import { isFinal } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import { SSE_HEADERS, sseComment, sseEvent } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply } from 'fastify';
import { writeOut } from '../generations/write-out.js';
import { textHeaders } from '../http/text-headers.js';
import { encodeProgress, errorMessageOf } from './studio-view.js';
import type { StudioVideo } from './studio-videos.service.js';

const HEARTBEAT_MS = 15_000;

export interface FollowedJob {
  video: StudioVideo;
  /** Absent for what has ended. */
  tail?: LiveTail;
  /** The row as it is now. */
  reread(): Promise<StudioVideo>;
  /** What `complete` tells. */
  complete(video: StudioVideo): object;
}

/**
 * `progress` whenever it changed, then `complete` or `error`. Each connection begins with how it stands, so that nothing
 * has to be resumed; one that ends without either of the last is to be opened again.
 */
export async function replyJobEvents(reply: FastifyReply, job: FollowedJob): Promise<void> {
  const { video, tail, reread, complete } = job;
  const response = reply.raw;
  reply.hijack();
  response.writeHead(200, { ...textHeaders(reply), ...SSE_HEADERS });
  response.once('close', () => tail?.close());
  // Gone while the tail was opened: that event has passed.
  if (response.destroyed) tail?.close();
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(sseComment('ping'));
  }, HEARTBEAT_MS);
  let told = '';
  const tell = async (now: StudioVideo) => {
    const data = JSON.stringify(encodeProgress(now));
    const progress = data === told ? '' : sseEvent({ event: 'progress', data });
    told = data;
    await writeOut(response, progress + (isFinal(now.state) ? endOf(now, complete) : ''));
  };
  try {
    await tell(video);
    // What the events say is in the row already, all of it: that is what is told.
    for await (const _records of tail ?? []) {
      const now = await reread();
      await tell(now);
      // The row may be ahead of the event that called for it; its end is told once.
      if (isFinal(now.state)) break;
    }
  } catch (error) {
    // Deleted meanwhile. Where a store is away, the client comes again.
    if (error instanceof GatewayError && error.code === 'not_found') response.write(failure(error.message));
  } finally {
    tail?.close();
    clearInterval(beat);
    response.end();
  }
}

function endOf(video: StudioVideo, complete: FollowedJob['complete']): string {
  if (video.status === 'succeeded') return sseEvent({ event: 'complete', data: JSON.stringify(complete(video)) });
  return failure(errorMessageOf(video));
}

function failure(error: string): string {
  return sseEvent({ event: 'error', data: JSON.stringify({ error }) });
}
