import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { PartRecord } from '@sluice/contracts/part';
import type { Image } from '@sluice/wire-openai-images/encode-response';
import {
  encodeCompleted,
  encodeFailure,
  encodePartial,
  type StreamFrame,
} from '@sluice/wire-openai-images/encode-stream';
import type { Piece } from '@sluice/wire-openai-images/json-pieces';
import { SSE_HEADERS, sseComment } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply } from 'fastify';
import type { StreamTiming } from '../generations/reply-streamed.js';
import { textHeaders } from '../http/text-headers.js';
import { writePieces } from './write-pieces.js';

export interface ImageStreamOptions {
  frame: StreamFrame;
  reply: FastifyReply;
  requestId: string;
  store: Pick<MediaStore, 'get' | 'head'>;
  timing: StreamTiming;
}

/** Pictures as server-sent events. Until the first one, or until the client has waited long enough, failures are statuses. */
export class ImageStream {
  private isOpen = false;
  /** An event is written in several goes: a heartbeat between two of them would break it. */
  private isWriting = false;
  private readonly cancelHold: () => void;
  private cancelBeat: (() => void) | undefined;

  constructor(private readonly options: ImageStreamOptions) {
    const { clock, holdMs } = options.timing;
    this.cancelHold = clock.after(holdMs, () => this.open());
  }

  /** Previews, as they come. One that is gone already was followed by the picture itself. */
  async tell(records: readonly PartRecord[]): Promise<void> {
    const { store, timing, frame } = this.options;
    for (const { part } of records) {
      if (part.type !== 'partial' || !(await store.head(part.media.key))) continue;
      await this.write(encodePartial(part, { ...frame, nowSeconds: Math.floor(timing.clock.now() / 1000) }));
    }
  }

  async complete(image: Image): Promise<void> {
    await this.write(encodeCompleted(image, this.options.frame));
    this.options.reply.raw.end();
  }

  /** False when it is not too late for a status. */
  fail(error: unknown): boolean {
    if (!this.isOpen) return false;
    const { reply, requestId } = this.options;
    // Within an event there is no way to say anything.
    if (this.isWriting) reply.raw.destroy();
    else reply.raw.end(encodeFailure(toFailure(error).data, requestId));
    return true;
  }

  stop(): void {
    this.cancelHold();
    this.cancelBeat?.();
  }

  private async write(pieces: readonly Piece[]): Promise<void> {
    this.open();
    this.isWriting = true;
    await writePieces(this.options.reply.raw, pieces, this.options.store);
    this.isWriting = false;
  }

  private open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.cancelHold();
    const { reply } = this.options;
    reply.raw.writeHead(200, { ...textHeaders(reply), ...SSE_HEADERS });
    reply.raw.flushHeaders();
    this.beat();
  }

  private beat(): void {
    const { timing, reply } = this.options;
    const { clock, heartbeatMs } = timing;
    this.cancelBeat = clock.after(heartbeatMs, () => {
      if (!this.isWriting && !reply.raw.writableNeedDrain) reply.raw.write(sseComment('ping'));
      this.beat();
    });
  }
}

function toFailure(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : toGatewayError(error);
}
