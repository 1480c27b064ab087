import type { ChatRequest } from '@sluice/contracts/chat';
import type { NativeBody } from '@sluice/contracts/generation';
import type { JsonObject } from '@sluice/contracts/json';
import { applyChatOptions, type AppliedOptions } from '@sluice/domain-routing/apply-chat-options';
import type { ModelOffer } from '@sluice/domain-routing/model-offer';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { ChatOptions } from '@sluice/domain-settings/chat-options';
import { extendBody } from '@sluice/wire-gemini-generate/extend-body';
import { encodeRequest as encodeOpenai } from '@sluice/wire-openai-chat/encode-request';
import type { AroundCall } from '../generations/around-call.js';
import type { TellingOptions } from '../generations/dialect-endpoint.js';

export interface ChatOptionsSources {
  offer: Pick<ModelOffer, 'read' | 'defaultsOf' | 'hides'>;
  resolver: Pick<RouteResolver, 'isKnown'>;
}

/** What operators ask of chats, by their models' names, whatever the dialect. The same call where they ask nothing. */
export function createChatOptions({ offer, resolver }: ChatOptionsSources): AroundCall {
  const isKnown = (name: string) => resolver.isKnown(name);
  return (call) => {
    const { input } = call;
    // What is hidden keeps its name, so that it is refused by it.
    if (input.kind !== 'chat' || offer.hides(input.request.model)) return call;
    const { model, asked } = offer.read(input.request.model, isKnown);
    const defaults = offer.defaultsOf(model);
    if (asked.length === 0 && Object.keys(defaults).length === 0) return call;
    const applied = applyChatOptions({ ...input.request, model }, { asked, defaults });
    const native = input.native && extendNative(input.native, { before: input.request, applied });
    const telling = tellingOf(Object.assign({}, defaults, ...asked) as ChatOptions);
    const chat = { ...input, request: applied.request, ...(native && { native }) };
    return { ...call, input: chat, telling };
  };
}

function tellingOf({ sources, upstreamStream, typing, thoughts }: ChatOptions): TellingOptions {
  return {
    isGathered: upstreamStream === 'gathered',
    showsSources: sources === 'append',
    ...(typing && { typing }),
    ...(thoughts && { thoughts }),
  };
}

interface Change {
  before: ChatRequest;
  applied: AppliedOptions;
}

function extendNative(native: NativeBody, change: Change): NativeBody {
  const { fields, reasoning } = change.applied;
  if (native.dialect === 'gemini-generate')
    return { ...native, body: extendBody(native.body, fields), ...(reasoning && { reasoning }) };
  return native.dialect === 'openai-chat' ? { ...native, body: extendOpenai(native.body, change) } : native;
}

/** Of what OpenAI's protocol has a word for, only that which differs: the rest of the body stays as it is. */
function extendOpenai(body: JsonObject, { before, applied: { request } }: Change): JsonObject {
  const changed = OPENAI_WORDS.filter(([field]) => before[field] !== request[field]);
  if (changed.length === 0) return body;
  const words = encodeOpenai(request, { model: request.model, isStreamed: false });
  const names = changed.map(([, name]) => name);
  const kept = Object.entries(body).filter(([name]) => !names.some((changedName) => changedName === name));
  const added = names.flatMap((name) => (words[name] === undefined ? [] : [[name, words[name]] as const]));
  return Object.fromEntries([...kept, ...added]);
}

const OPENAI_WORDS = [
  ['reasoning', 'reasoning_effort'],
  ['webSearch', 'web_search_options'],
  ['tools', 'tools'],
  ['toolChoice', 'tool_choice'],
  ['messages', 'messages'],
] as const;
