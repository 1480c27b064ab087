import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { parseJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { DecodeOptions } from '@sluice/wire-openai-chat/answer-reader';
import { decodeResponse } from '@sluice/wire-openai-chat/decode-response';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';

const SEED_LENGTH = 20;
export const MAXIMUM_ANSWER_BYTES = 64 * 1024 * 1024;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const LESS_THAN = 0x3c;

/** What was asked for as a stream can come as one object, an error told with a 200 among them, or as a web page. */
export async function* readStreamed(
  response: HttpResponse,
  context: UpstreamContext<unknown>,
): AsyncGenerator<ChatPart, void, undefined> {
  const body = new StreamBody(response, context);
  const options = decodeOptions(context);
  const first = await body.firstByte();
  if (first === OPENING_BRACE || first === OPENING_BRACKET || first === LESS_THAN) {
    const text = await body.text(MAXIMUM_ANSWER_BYTES);
    if (text === undefined)
      throw new GatewayError('upstream_bad_answer', 'The upstream sent an answer that is too long.', {
        saw: 'unknown',
      });
    yield* decodeResponse(parseJson(text), options);
    return;
  }
  yield* decodeStream(decodeSse(body, { framing: 'json' }), options);
}

export function decodeOptions({ generationId }: UpstreamContext<unknown>): DecodeOptions {
  return { callIdSeed: generationId.slice(-SEED_LENGTH) };
}
