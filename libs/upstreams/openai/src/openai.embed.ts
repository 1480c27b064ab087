import type { EmbedPart, EmbedRequest } from '@sluice/contracts/embedding';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';
import { decodeResponse } from '@sluice/wire-openai-embeddings/decode-response';
import { encodeRequest } from '@sluice/wire-openai-embeddings/encode-request';
import { asKeyHolder, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';

const MAXIMUM_ANSWER_BYTES = 128 * 1024 * 1024;

export async function* embed(
  request: EmbedRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<EmbedPart, void, undefined> {
  const { model, native } = context;
  const own = native?.dialect === 'openai-embeddings' ? { native: native.body } : {};
  const response = await ask(encodeRequest(request, { model, ...own }), asKeyHolder(context, 'embeddings'));
  const json = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const failure = readVendorError(json);
  if (failure !== undefined) throw toFailure(failure);
  yield* decodeResponse(json, { count: request.inputs.length });
}

/** A vendor that refuses the format is asked in its own: that is agreeing on a form, not trying again. */
async function ask(body: JsonObject, context: UpstreamContext<OpenaiCredential>): Promise<HttpResponse> {
  const request = { path: '/embeddings', accept: 'application/json' };
  try {
    return await post({ ...request, body }, context);
  } catch (thrown) {
    if (!isFormatRefusal(thrown)) throw thrown;
    return post({ ...request, body: { ...body, encoding_format: undefined } }, context);
  }
}

function isFormatRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof GatewayError) || thrown.code !== 'invalid_request') return false;
  return thrown.data.param === 'encoding_format' || thrown.message.includes('encoding_format');
}
