import type { Clock } from '@sluice/contracts/clock';
import type { Part } from '@sluice/contracts/part';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import { encodeOutcome, type Outcome } from '@sluice/wire-openai-responses/encode-outcome';
import { encodeResponse } from '@sluice/wire-openai-responses/encode-response';
import { createStreamEncoder } from '@sluice/wire-openai-responses/encode-stream';
import { toResponseId } from '@sluice/wire-openai-responses/item-id';
import type { DecodedCall, DialectEndpoint, ReplyContext } from '../generations/dialect-endpoint.js';
import { type AskedResponse, frameFor, readAsked, toNewResponse } from './asked-response.js';
import type { EarlierItems } from './earlier-items.js';
import { estimateFor } from './token-estimate.js';

export interface ResponsesEndpointOptions {
  earlier: EarlierItems;
  store: ResponseStore;
  clock: Clock;
}

/** `POST /v1/responses`, answered while the client waits. */
export function responsesEndpoint(options: ResponsesEndpointOptions): DialectEndpoint {
  const { earlier } = options;
  return async (body, { keyId }) => responseCall(options, await readAsked(body, { earlier, keyId }));
}

export function responseCall(options: Omit<ResponsesEndpointOptions, 'earlier'>, asked: AskedResponse): DecodedCall {
  return new ResponseCall(options, asked).call;
}

/** One response on its way: kept before it is told, and told as it was kept. */
class ResponseCall {
  private kept: Outcome | undefined;

  constructor(
    private readonly options: Omit<ResponsesEndpointOptions, 'earlier'>,
    private readonly asked: AskedResponse,
  ) {}

  get call(): DecodedCall {
    const { parsed, found, decoded } = this.asked;
    return {
      dialect: 'openai-responses',
      input: { kind: 'chat', request: decoded.request },
      isStreamed: parsed.body.stream ?? false,
      ignored: decoded.ignored,
      addedBytes: found.bytes,
      ...(parsed.body.store !== false && this.keeping()),
      openStream: (context) =>
        createStreamEncoder({
          frame: frameFor(this.asked, context),
          nowSeconds: () => this.nowSeconds(),
          estimate: estimateFor(decoded.request),
          keptOutcome: () => this.kept,
        }),
      encodeWhole: (parts, context) =>
        encodeResponse(frameFor(this.asked, context), this.kept ?? this.outcomeOf(parts, context)),
    };
  }

  private keeping(): Pick<DecodedCall, 'beforeStart' | 'beforeEnd'> {
    const { store } = this.options;
    return {
      beforeStart: (context) => store.insert(toNewResponse(this.asked, context)),
      beforeEnd: async (parts, context) => {
        const outcome = this.outcomeOf(parts, context);
        const id = toResponseId(context.generationId);
        this.kept = await store.complete(id, { ...outcome, parts });
      },
    };
  }

  private outcomeOf(parts: readonly Part[], context: ReplyContext): Outcome {
    const frame = frameFor(this.asked, context);
    const estimate = estimateFor(this.asked.decoded.request);
    return encodeOutcome(parts, { frame, completedSeconds: this.nowSeconds(), estimate });
  }

  private nowSeconds(): number {
    return Math.floor(this.options.clock.now() / 1000);
  }
}
