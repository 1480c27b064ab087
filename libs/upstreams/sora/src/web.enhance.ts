import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { unsupported } from './web.error.js';
import { callWebJson } from './web.request.js';

const MODEL = /^prompt-enhance-(short|medium|long)-(10|15|20)s$/;

/** A prompt, written out at length: the only words that the website answers with. */
export async function* enhance(
  request: ChatRequest,
  context: UpstreamContext<WebCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const [, level = '', seconds = ''] = MODEL.exec(context.model) ?? [];
  if (level === '')
    throw unsupported('model', 'The website enhances prompts, as prompt-enhance-{short,medium,long}-{10,15,20}s.');
  const prompt = promptOf(request);
  const body = { prompt, expansion_level: level, duration_s: Number(seconds) };
  const answer = await callWebJson({ path: '/editor/enhance_prompt', body }, context);
  const text = isJsonObject(answer) ? answer['enhanced_prompt'] : undefined;
  if (typeof text !== 'string' || text === '')
    throw new GatewayError('upstream_bad_answer', 'The upstream enhanced the prompt to nothing.', { saw: 'unknown' });
  yield { type: 'start', model: context.model };
  yield { type: 'text-delta', choice: 0, text };
  yield { type: 'finish', choice: 0, reason: 'stop' };
}

/** The last words of the one who asks: the website knows no conversation. */
function promptOf({ messages, tools = [], choices = 1 }: ChatRequest): string {
  if (tools.length > 0) throw unsupported('tools', 'The website calls no tools.');
  if (choices > 1) throw unsupported('n', 'The website gives one answer.');
  const last = messages.findLast(({ role }) => role === 'user');
  const texts = (last?.content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const prompt = texts.join('\n').trim();
  if (prompt !== '') return prompt;
  throw new GatewayError('invalid_request', 'There is no prompt to enhance.', { param: 'messages', saw: 'nothing' });
}
