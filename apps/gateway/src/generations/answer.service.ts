import { findUpstream } from '@sluice/manifests/upstreams';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { textHeaders } from '../http/text-headers.js';
import { callContextOf, headerOf, type CallContext } from '../http/call-context.js';
import type { MediaAnswer, MediaChat } from '../media-chat/media-chat.service.js';
import type { AroundCall } from './around-call.js';
import { onClientGone } from './client-gone.js';
import type { BytesEncoder, DecodedCall, DialectEndpoint } from './dialect-endpoint.js';
import { headerText } from './generation-headers.js';
import type { GenerationPipeline, Submitted } from './generation-pipeline.service.js';
import { replyBytes } from './reply-bytes.js';
import { replyStreamed, type StreamTiming } from './reply-streamed.js';
import { replyWhole } from './reply-whole.js';
import type { Told } from './told.js';
import { toldAs } from './told-as.js';

/** Answers one call that waits, from its body to its last byte, whatever the dialect. */
export class AnswerService {
  constructor(
    private readonly pipeline: GenerationPipeline,
    private readonly timing: StreamTiming,
    private readonly onError: (error: unknown) => void,
    private readonly around: AroundCall,
    private readonly media: Pick<MediaChat, 'isMedia' | 'admit'>,
  ) {}

  async answer(endpoint: DialectEndpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const context = callContextOf(request);
    const decoding = endpoint(request.body, context);
    const decoded = decoding instanceof Promise ? await decoding : decoding;
    if (this.media.isMedia(decoded)) return this.answerMedia(decoded, request, reply);
    const prepared = this.prepare(decoded, request, context);
    const call = prepared instanceof Promise ? await prepared : prepared;
    const bodyBytes = context.bodyBytes + (call.addedBytes ?? 0);
    const submitted = await this.pipeline.submit(call, { ...context, bodyBytes });
    let isGone = false;
    const stopWatching = onClientGone(reply.raw, () => {
      isGone = true;
      this.pipeline.cancel(submitted).catch(this.onError);
    });
    const answer = toldAs(call, { submitted, clock: this.timing.clock, isGone: () => isGone });
    if (call.headers) reply.headers(call.headers);
    tellIgnored(ignoredFields(call, submitted), reply);
    try {
      if (call.beforeStart) await this.begin(call, submitted);
      if (call.bytes) await this.sendBytes(call.bytes, answer, reply);
      else if (call.isStreamed) await this.stream(call, answer, reply);
      else await this.send(call, answer, reply);
    } catch (error) {
      if (!isGone) throw error;
    } finally {
      stopWatching();
      this.pipeline.settle(submitted);
    }
  }

  /** What the conversation asks to be made goes on whoever leaves; no more than its telling ends. */
  private async answerMedia(decoded: DecodedCall, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const answer = await this.media.admit(decoded, request);
    const { call, generationId, isNamed } = answer;
    void reply.headers({ ...call.headers, 'x-sluice-generation': generationId });
    tellIgnored(call.ignored, reply);
    try {
      await this.tellMedia(answer, reply);
    } catch (error) {
      // An SDK that asks again by itself would have it made, and paid, once more.
      if (!isNamed) void reply.header('x-should-retry', 'false');
      throw error;
    }
  }

  private async tellMedia({ call, follow }: MediaAnswer, reply: FastifyReply): Promise<void> {
    const { told, explain, leave } = await follow();
    let isGone = false;
    const stopWatching = onClientGone(reply.raw, () => {
      isGone = true;
      leave();
    });
    try {
      if (call.isStreamed) await this.stream(call, told, reply);
      else await this.send(call, told, reply);
    } catch (error) {
      if (isGone) return;
      // It goes on, or has ended so, and is no other when it is asked for by the same key.
      void reply.header('x-should-retry', 'false');
      throw explain(error);
    } finally {
      stopWatching();
      leave();
    }
  }

  /** At once for nearly every call. */
  private prepare(decoded: DecodedCall, request: FastifyRequest, context: CallContext) {
    const { body } = request;
    return this.around(decoded, { context, body, header: (name: string) => headerOf(request, name) });
  }

  /** What cannot be kept is not made either. */
  private async begin(call: DecodedCall, submitted: Submitted): Promise<void> {
    const { id: generationId, createdAtMs, model } = submitted.generation;
    try {
      await call.beforeStart?.({ generationId, createdAtMs, model });
    } catch (error) {
      this.pipeline.cancel(submitted).catch(this.onError);
      throw error;
    }
  }

  private async stream(call: DecodedCall, submitted: Told, reply: FastifyReply): Promise<void> {
    const headers = textHeaders(reply);
    await replyStreamed({ call, submitted, response: reply.raw, headers, timing: this.timing });
    reply.hijack();
  }

  private async sendBytes(bytes: BytesEncoder, submitted: Told, reply: FastifyReply): Promise<void> {
    await replyBytes({ bytes, submitted, response: reply.raw, headers: textHeaders(reply) });
    reply.hijack();
  }

  private async send(call: DecodedCall, submitted: Told, reply: FastifyReply): Promise<void> {
    const { headers, body } = await replyWhole(call, submitted);
    // Written when it returns: Fastify's promise of a reply would only look for its end.
    void reply.headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

/** What the internal form has no word for still reaches an upstream that speaks the client's own dialect. */
function ignoredFields(call: DecodedCall, { generation }: Submitted): readonly string[] {
  if (call.ignored.length === 0) return call.ignored;
  const isNative = generation.targets.every(({ upstream }) =>
    findUpstream(upstream)?.nativeDialects.includes(call.dialect),
  );
  return isNative ? [] : call.ignored;
}

function tellIgnored(fields: readonly string[], reply: FastifyReply): void {
  if (fields.length > 0) void reply.header('x-sluice-ignored-fields', headerText(fields.join(', ')));
}
