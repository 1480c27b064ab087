import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { parseJson, readJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { DecodeOptions } from '@sluice/wire-openai-chat/answer-reader';
import { decodeResponse } from '@sluice/wire-openai-chat/decode-response';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { aliasTools } from '@sluice/wire-openai-chat/tool-aliases';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import type { OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';

const SEED_LENGTH = 20;
const MAXIMUM_ANSWER_BYTES = 64 * 1024 * 1024;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const LESS_THAN = 0x3c;

export async function* chat(
  request: ChatRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, model, native } = context;
  if (native?.dialect === 'openai-chat') {
    yield* answer(encodeRequest(request, { model, isStreamed, native: native.body }), context);
    return;
  }
  const { request: aliased, restore } = aliasTools(request);
  for await (const part of answer(encodeRequest(aliased, { model, isStreamed }), context)) yield restore(part);
}

async function* answer(
  body: JsonObject,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed } = context;
  const accept = isStreamed ? 'text/event-stream' : 'application/json';
  const response = await post({ path: '/chat/completions', body, accept }, context);
  const options = { callIdSeed: context.generationId.slice(-SEED_LENGTH) };
  if (isStreamed || isEventStream(response)) yield* readStream(new StreamBody(response, context), options);
  else yield* decodeResponse(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), options);
}

/** What was asked for as a stream can come as one object, an error told with a 200 among them, or as a web page. */
async function* readStream(body: StreamBody, options: DecodeOptions): AsyncGenerator<ChatPart, void, undefined> {
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

function isEventStream({ headers }: HttpResponse): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
