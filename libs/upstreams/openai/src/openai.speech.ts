import { GatewayError } from '@sluice/contracts/gateway-error';
import type { SpeechPart, SpeechRequest } from '@sluice/contracts/speech';
import { textTokens } from '@sluice/wire-tokens/count-tokens';
import { parseJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { encodeSpeech } from '@sluice/wire-openai-audio/encode-speech';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';
import { asKeyHolder, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';

const MAXIMUM_ERROR_BYTES = 256 * 1024;
/** What no sound is: an error told with a 200, or a web page. */
const NO_SOUND = /^(?:application\/json|text\/html)/;

/** The sound as it comes, in the pieces in which it comes. */
export async function* speak(
  request: SpeechRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<SpeechPart, void, undefined> {
  const { model, native } = context;
  const own = native?.dialect === 'openai-audio' ? { native: native.body } : {};
  const body = encodeSpeech(request, { model, ...own });
  const response = await post({ path: '/audio/speech', body, accept: '*/*' }, asKeyHolder(context, 'speech'));
  const mediaType = response.headers['content-type'];
  if (mediaType !== undefined && NO_SOUND.test(mediaType)) throw toldFailure(await response.text(MAXIMUM_ERROR_BYTES));
  yield { type: 'start', ...(mediaType !== undefined && { mediaType }) };
  let isSilent = true;
  for await (const piece of new StreamBody(response, context)) {
    if (piece.length === 0) continue;
    isSilent = false;
    yield { type: 'speech-delta', base64: Buffer.from(piece).toString('base64') };
  }
  if (isSilent) throw new GatewayError('upstream_bad_answer', 'The upstream sent no sound.', { saw: 'unknown' });
  const inputTokens = Math.ceil(textTokens(request.input));
  yield { type: 'usage', usage: { inputTokens, outputTokens: 0, totalTokens: inputTokens } };
}

function toldFailure(text: string): GatewayError {
  const told = readVendorError(parseJson(text));
  if (told !== undefined) return toFailure(told);
  return new GatewayError('upstream_bad_answer', 'The upstream sent JSON instead of sound.', { saw: 'unknown' });
}
