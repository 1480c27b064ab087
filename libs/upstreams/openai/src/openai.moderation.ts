import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { ModerationPart, ModerationRequest } from '@sluice/contracts/moderation';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';
import { asKeyHolder, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';

const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** The verdicts, as they come: the protocol is one. */
export async function* moderate(
  { input }: ModerationRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ModerationPart, void, undefined> {
  const { model } = context;
  const call = { path: '/moderations', body: { input, model }, accept: 'application/json' };
  const response = await post(call, asKeyHolder(context, 'moderation'));
  const json = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const failure = readVendorError(json);
  if (failure !== undefined) throw toFailure(failure);
  const results = isJsonObject(json) ? json['results'] : undefined;
  if (!isJsonObject(json) || !Array.isArray(results))
    throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no moderation.', {
      saw: 'unknown',
    });
  yield { type: 'start', ...(typeof json['model'] === 'string' && { model: json['model'] }) };
  yield { type: 'verdicts', results: results.filter(isJsonObject) };
}
