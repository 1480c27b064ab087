import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { parseJson, readJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { DecodeOptions } from '@sluice/wire-gemini-generate/answer-reader';
import { decodeEvents } from '@sluice/wire-gemini-generate/decode-events';
import { decodeResponse } from '@sluice/wire-gemini-generate/decode-response';
import { decodeStream } from '@sluice/wire-gemini-generate/decode-stream';
import { encodeRequest } from '@sluice/wire-gemini-generate/encode-request';
import { aliasTools } from '@sluice/wire-gemini-generate/tool-aliases';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { post } from './gemini.request.js';
import { nameFiles, nameNativeFiles } from './name-files.js';
import { speakAs } from './speak-as.js';

const SEED_LENGTH = 20;
/** Pictures come inside, each more than a megabyte. */
const MAXIMUM_ANSWER_BYTES = 128 * 1024 * 1024;
const OPENING_BRACE = 0x7b;
const LESS_THAN = 0x3c;

type Context = UpstreamContext<GeminiCredential>;

export async function* chat(request: ChatRequest, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const { model, native, fileUris } = context;
  if (native?.dialect === 'gemini-generate') {
    const body = fileUris ? nameNativeFiles(native.body, fileUris) : native.body;
    yield* ask(encodeRequest(request, { model, native: body, reasoning: native.reasoning }), context);
    return;
  }
  const { request: aliased, restore } = aliasTools(fileUris ? nameFiles(request, fileUris) : request);
  const said = ask(encodeRequest(aliased, { model }), context);
  const parts = request.audioOutput ? speakAs(request.audioOutput, { parts: said, context }) : said;
  for await (const part of parts) yield restore(part);
}

/** One call of a model that answers in content, whatever it answers with. */
export async function* ask(body: JsonObject, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, model } = context;
  const method = isStreamed ? 'streamGenerateContent' : 'generateContent';
  const response = await post({ model, method, body }, context);
  if (isStreamed) yield* readStream(new StreamBody(response, context), context);
  else yield* readWhole(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), context);
}

function optionsOf({ generationId, native }: Context): DecodeOptions {
  return { callIdSeed: generationId.slice(-SEED_LENGTH), keepsNative: native?.dialect === 'gemini-generate' };
}

/** What was asked for as a stream can come as one object, an error told with a 200 among them, or as a web page. */
async function* readStream(body: StreamBody, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const first = await body.firstByte();
  if (first !== OPENING_BRACE && first !== LESS_THAN) {
    yield* decodeStream(judged(decodeEvents(body), context), optionsOf(context));
    return;
  }
  const text = await body.text(MAXIMUM_ANSWER_BYTES);
  if (text === undefined)
    throw new GatewayError('upstream_bad_answer', 'The upstream sent an answer that is too long.', { saw: 'unknown' });
  yield* readWhole(parseJson(text), context);
}

function readWhole(json: Json, context: Context): ChatPart[] {
  const failure = readToldFailure(json, context.clock.now());
  if (failure !== undefined) throw failure;
  return decodeResponse(json, optionsOf(context));
}

/** An error in place of the first event is a refusal like any other. */
async function* judged(events: AsyncIterable<SseEvent>, { clock }: Context): AsyncGenerator<SseEvent, void, undefined> {
  let isFirst = true;
  for await (const event of events) {
    const failure = isFirst && event.data.includes('"error"') ? toldIn(event.data, clock.now()) : undefined;
    if (failure !== undefined) throw failure;
    isFirst = false;
    yield event;
  }
}

function toldIn(data: string, nowMs: number): GatewayError | undefined {
  try {
    return readToldFailure(JSON.parse(data), nowMs);
  } catch {
    return undefined;
  }
}
