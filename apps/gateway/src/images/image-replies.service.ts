import { isImage } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { encodeImages, type Image, missingOf, type PictureTelling } from '@sluice/wire-openai-images/encode-response';
import { lengthOf } from '@sluice/wire-openai-images/json-pieces';
import { pictureMember } from '@sluice/wire-openai-images/picture-member';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerText } from '../generations/generation-headers.js';
import type { StreamTiming } from '../generations/reply-streamed.js';
import { callContextOf, headerOf } from '../http/call-context.js';
import { textHeaders } from '../http/text-headers.js';
import type { MediaLinks } from '../media/media-links.js';
import { followImage, type TailEnd } from './follow-image.js';
import { requirePictures, unfinished } from './image-end.js';
import { ImageStream } from './image-stream.js';
import type { AdmittedImage } from './images.service.js';
import { writePieces } from './write-pieces.js';

export interface ImageRepliesOptions {
  generations: Pick<DurableGenerations, 'find' | 'tail'>;
  store: Pick<MediaStore, 'get' | 'head'>;
  links: Pick<MediaLinks, 'link'>;
  timing: StreamTiming;
  /** How long a client is held where it says nothing. */
  waitMs: number;
}

export interface ImageCall {
  admitted: AdmittedImage;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Answers calls for pictures with the pictures, when they are there. */
export class ImageReplies {
  constructor(private readonly options: ImageRepliesOptions) {}

  tellAdmitted(reply: FastifyReply, { image, isReplayed, ignored }: AdmittedImage): void {
    void reply.headers({
      'x-sluice-generation': image.id,
      location: `/v1/generations/${image.id}`,
      ...(isReplayed && { 'idempotent-replayed': 'true' }),
      ...(ignored.length > 0 && { 'x-sluice-ignored-fields': headerText(ignored.join(', ')) }),
    });
  }

  send(call: ImageCall): Promise<void> {
    this.tellAdmitted(call.reply, call.admitted);
    return call.admitted.answer.isStreamed ? this.stream(call) : this.whole(call);
  }

  private async whole(call: ImageCall): Promise<void> {
    const { request, reply } = call;
    const end = await this.follow(call, () => Promise.resolve());
    if (end === 'gone') return void reply.hijack();
    const image = await this.finished(call, end);
    const pieces = encodeImages(image, this.tellingOf(call, image));
    const missing = missingOf(image);
    void reply.headers({
      ...ranBy(image),
      // Links are another each time.
      'cache-control': 'no-store',
      ...(missing > 0 && { 'x-sluice-missing-images': String(missing) }),
    });
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      ...textHeaders(reply),
      'content-type': 'application/json; charset=utf-8',
      'content-length': lengthOf(pieces),
    });
    try {
      await writePieces(raw, pieces, this.options.store);
      raw.end();
    } catch (error) {
      // With its length announced, nobody takes a part for the whole.
      request.log.warn({ err: error }, 'an answer with pictures broke off');
      raw.destroy();
    }
  }

  private async stream(call: ImageCall): Promise<void> {
    const { admitted, request, reply } = call;
    const { image, operation } = admitted;
    const { timing, store } = this.options;
    const frame = { operation, request: image.input.request, telling: this.tellingOf(call, image) };
    const stream = new ImageStream({ frame, reply, requestId: request.id, store, timing });
    try {
      const end = await this.follow(call, (records) => stream.tell(records));
      if (end !== 'gone') await stream.complete(await this.finished(call, end));
    } catch (error) {
      if (!stream.fail(error)) throw error;
    } finally {
      stream.stop();
    }
    reply.hijack();
  }

  private async follow(call: ImageCall, tell: Parameters<typeof followImage>[0]['tell']): Promise<TailEnd> {
    const { admitted, request, reply } = call;
    const { generations, timing } = this.options;
    const isOwnWish = headerOf(request, 'x-sluice-deadline-ms') !== undefined;
    const waitMs = isOwnWish ? callContextOf(request).deadlineMs : this.options.waitMs;
    const tail = await generations.tail(admitted.image.id, 0);
    return followImage({ tail, response: reply.raw, clock: timing.clock, waitMs, tell });
  }

  /** As the row tells it: it holds all that the log has told, and can be read when the log's end was missed. */
  private async finished({ admitted, request, reply }: ImageCall, end: TailEnd): Promise<Image> {
    const { id } = admitted.image;
    const { generations, store, timing } = this.options;
    const image = await generations.find(id, callContextOf(request).keyId);
    if (!image || !isImage(image)) throw new GatewayError('not_found', 'These pictures were deleted.');
    try {
      return await requirePictures(image, { store, nowMs: timing.clock.now() });
    } catch (error) {
      // It goes on, or has ended so: an SDK that asks again by itself pays again, or hears the same.
      void reply.header('x-should-retry', 'false');
      if (end === 'broken' && error instanceof GatewayError && error.code === 'deadline_exceeded')
        throw unfinished(id, 'cannot be followed here any more');
      throw error;
    }
  }

  private tellingOf({ admitted, request }: ImageCall, { expiresAtMs }: Image): PictureTelling {
    const { image, answer } = admitted;
    return {
      member: pictureMember(answer, image.model),
      link: (media: StoredMedia) => this.options.links.link(media, request, expiresAtMs),
    };
  }
}

function ranBy({ upstream, upstreamModel }: Image): Record<string, string> {
  if (upstream === undefined) return {};
  return { 'x-sluice-upstream': headerText(upstream), 'x-sluice-model': headerText(upstreamModel ?? '') };
}
