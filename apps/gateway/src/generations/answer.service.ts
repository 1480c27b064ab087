import { findUpstream } from '@sluice/manifests/upstreams';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { textHeaders } from '../http/text-headers.js';
import { callContextOf } from '../http/call-context.js';
import { onClientGone } from './client-gone.js';
import type { DecodedCall, DialectEndpoint } from './dialect-endpoint.js';
import { headerText } from './generation-headers.js';
import type { GenerationPipeline, Submitted } from './generation-pipeline.service.js';
import { replyStreamed, type StreamTiming } from './reply-streamed.js';
import { replyWhole } from './reply-whole.js';

/** Answers one interactive call from its body to its last byte, whatever the dialect. */
export class AnswerService {
  constructor(
    private readonly pipeline: GenerationPipeline,
    private readonly timing: StreamTiming,
    private readonly onError: (error: unknown) => void,
  ) {}

  async answer(endpoint: DialectEndpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = endpoint(request.body);
    const submitted = await this.pipeline.submit(call, callContextOf(request));
    let isGone = false;
    const stopWatching = onClientGone(reply.raw, () => {
      isGone = true;
      this.pipeline.cancel(submitted).catch(this.onError);
    });
    const ignored = ignoredFields(call, submitted);
    if (ignored.length > 0) reply.header('x-sluice-ignored-fields', headerText(ignored.join(', ')));
    try {
      if (call.isStreamed) await this.stream(call, submitted, reply);
      else await this.send(call, submitted, reply);
    } catch (error) {
      if (!isGone) throw error;
    } finally {
      stopWatching();
      this.pipeline.settle(submitted);
    }
  }

  private async stream(call: DecodedCall, submitted: Submitted, reply: FastifyReply): Promise<void> {
    const headers = textHeaders(reply);
    await replyStreamed({ call, submitted, response: reply.raw, headers, timing: this.timing });
    reply.hijack();
  }

  private async send(call: DecodedCall, submitted: Submitted, reply: FastifyReply): Promise<void> {
    const { headers, body } = await replyWhole(call, submitted);
    await reply.headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

/** What the internal form has no word for still reaches an upstream that speaks the client's own dialect. */
function ignoredFields(call: DecodedCall, { generation }: Submitted): readonly string[] {
  const isNative = generation.targets.every(({ upstream }) =>
    findUpstream(upstream)?.nativeDialects.includes(call.dialect),
  );
  return isNative ? [] : call.ignored;
}
