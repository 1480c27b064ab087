import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { JobStep } from '@sluice/upstream-kit/job';
import { parseJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import { decodeImages, fileOf, type ImageWork, imagesIn } from './image-answer.js';

/** Ten pictures of the largest size, as text. */
const MAXIMUM_ANSWER_BYTES = 256 * 1024 * 1024;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const LESS_THAN = 0x3c;

type Context = UpstreamContext<unknown>;

/** What was asked for as a stream can come whole, and the other way round: the first byte tells. */
export async function* readImages(
  response: HttpResponse,
  { context, work }: { context: Context; work: ImageWork },
): AsyncGenerator<JobStep, void, undefined> {
  const body = new StreamBody(response, context);
  const first = await body.firstByte();
  if (first === undefined || first === OPENING_BRACE || first === OPENING_BRACKET || first === LESS_THAN) {
    yield decodeImages(imagesIn(parseJson(await wholeText(body))), work);
    return;
  }
  yield* readEvents(body, work);
}

async function wholeText(body: StreamBody): Promise<string> {
  const text = await body.text(MAXIMUM_ANSWER_BYTES);
  if (text !== undefined) return text;
  throw new GatewayError('upstream_bad_answer', 'The upstream sent an answer that is too long.', { saw: 'unknown' });
}

async function* readEvents(body: StreamBody, work: ImageWork): AsyncGenerator<JobStep, void, undefined> {
  const images: JsonObject[] = [];
  try {
    for await (const { data, event } of decodeSse(body)) {
      if (data === '' || data.startsWith('[DONE]')) continue;
      const json = assertNoError(parseJson(data));
      const type = typeOf(json, event);
      if (!isJsonObject(json) || !/\.(?:partial_image|completed)$/.test(type)) continue;
      if (type.endsWith('.completed')) images.push(json);
      else yield* partialOf(json, work);
    }
  } catch (thrown) {
    // What has come is paid: it is kept, and what comes after it is no reason to make it again.
    if (images.length === 0 || !(thrown instanceof GatewayError)) throw thrown;
  }
  const answer = images.at(-1);
  if (answer) yield decodeImages({ images, answer }, work);
  else throw new GatewayError('upstream_interrupted', 'The upstream broke off its stream.', { saw: 'unknown' });
}

function* partialOf(json: JsonObject, { operation, nowMs }: ImageWork): Generator<JobStep, void, undefined> {
  const file = fileOf(json, { role: 'partial', nowMs });
  // Streams tell of one picture: their own index counts its previews.
  if (file) yield { type: 'partial', operation, file, index: 0 };
}

function typeOf(json: Json, event: string | undefined): string {
  const type = isJsonObject(json) ? json['type'] : undefined;
  return typeof type === 'string' ? type : (event ?? '');
}

function assertNoError(json: Json): Json {
  const failure = readVendorError(json);
  if (failure !== undefined) throw toFailure(failure);
  return json;
}
