import { isJsonObject } from '@sluice/contracts/json-object';
import { type Thoughts, thoughtsSchema } from '@sluice/domain-settings/chat-options';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { AroundCall } from '../generations/around-call.js';

const HEADER = 'x-sluice-thoughts';

/**
 * Where the client of a chat wants to read thoughts: by a header, or in the words of Grok2API's clients, who know them
 * only in the text (`thinking: "enabled"`) or not at all (`"disabled"`). Other vendors' `thinking` is an object.
 */
export const readThinking: AroundCall = (call, { body, header }) => {
  if (call.dialect !== 'openai-chat' || call.input.kind !== 'chat') return call;
  const asked = askedBy(header(HEADER)) ?? WORDS[wordOf(body)];
  if (asked === undefined) return call;
  return { ...call, telling: { isGathered: false, showsSources: false, ...call.telling, thoughts: asked } };
};

const WORDS: Readonly<Record<string, Thoughts>> = { enabled: 'think', disabled: 'none' };

function wordOf(body: unknown): string {
  const word = isJsonObject(body) ? body['thinking'] : undefined;
  return typeof word === 'string' && Object.hasOwn(WORDS, word) ? word : '';
}

function askedBy(word: string | undefined): Thoughts | undefined {
  if (word === undefined) return undefined;
  const parsed = thoughtsSchema.safeParse(word);
  if (parsed.success) return parsed.data;
  const text = `Invalid value for '${HEADER}': expected one of ${thoughtsSchema.options.join(', ')}.`;
  throw new GatewayError('invalid_request', text, { param: HEADER, reason: 'invalid_value' });
}
