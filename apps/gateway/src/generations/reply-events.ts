import { isTerminal, type Part } from '@sluice/contracts/part';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import { SSE_HEADERS, sseComment, sseEvent } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply } from 'fastify';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { textHeaders } from '../http/text-headers.js';
import { writeOut } from './write-out.js';

const HEARTBEAT_MS = 15_000;
/** While it waits, its place in the queue is told so often: not as an event of the log, so without a number. */
const PLACE_MS = 2_000;

/** A generation's events, each with its sequence number as id, so that a lost connection goes on where it broke. */
export async function replyEvents({
  reply,
  tail,
  place,
  linkTo,
}: {
  reply: FastifyReply;
  tail: LiveTail;
  /** A link to a file of ours, for whoever may follow these events. */
  linkTo(media: StoredMedia): string;
  place?: () => Promise<{ position: number; etaSeconds: number | undefined } | undefined>;
}): Promise<void> {
  const response = reply.raw;
  reply.hijack();
  response.writeHead(200, { ...textHeaders(reply), ...SSE_HEADERS });
  response.flushHeaders();
  response.once('close', () => tail.close());
  // Gone while the tail was opened: that event has passed.
  if (response.destroyed) tail.close();
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(sseComment('ping'));
  }, HEARTBEAT_MS);
  const stopPlaces = place ? tellPlaces(response, place) : () => {};
  try {
    for await (const records of tail) {
      let frames = '';
      for (const { sequence, part } of records) {
        frames += sseEvent({
          id: String(sequence),
          event: isTerminal(part) ? part.type : 'part',
          data: JSON.stringify(shown(part, linkTo)),
        });
      }
      await writeOut(response, frames);
    }
  } catch (error) {
    response.write(sseEvent({ event: 'error', data: JSON.stringify(toGatewayError(error).data) }));
  } finally {
    tail.close();
    clearInterval(beat);
    stopPlaces();
    response.end();
  }
}

/** Where our files lie is nobody's business: they are told as links. */
function shown(part: Part, linkTo: (media: StoredMedia) => string): object {
  const file = (media: StoredMedia) => ({ media_type: media.mediaType, bytes: media.bytes, url: linkTo(media) });
  if (part.type === 'partial') return { type: part.type, index: part.index, number: part.number, ...file(part.media) };
  if (part.type !== 'result') return part;
  const files = part.files.map(({ role, media, sha256 }) => ({ role, ...file(media), sha256 }));
  return { ...part, files };
}

/** Returns how to end it; it ends by itself once the generation waits no longer. */
function tellPlaces(
  response: FastifyReply['raw'],
  place: () => Promise<{ position: number; etaSeconds: number | undefined } | undefined>,
): () => void {
  let told = '';
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = async () => {
    const found = await place().catch(() => undefined);
    if (isEnded || !found) return;
    const data = JSON.stringify({ type: 'position', position: found.position, eta_seconds: found.etaSeconds ?? null });
    if (data !== told) response.write(sseEvent({ event: 'position', data }));
    told = data;
    timer = setTimeout(() => void tell(), PLACE_MS);
  };
  void tell();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
