import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import { unsupported } from './grok.error.js';
import type { XaiCredential } from './grok.credential.js';
import { post } from './xai.request.js';
import { encodeInput, encodeSearchTools } from './xai.responses-request.js';
import { ResponsesReader } from './xai.responses-reader.js';

type Context = UpstreamContext<XaiCredential>;

/** The server's tools that the request asks for, in whichever words; none where it asks for no search. */
export function wantedSearch(request: ChatRequest, native: JsonObject | undefined): JsonObject[] {
  const parameters = (native ?? request.providerOptions?.['openai'])?.['search_parameters'];
  if (isJsonObject(parameters) && parameters['mode'] !== 'off') return toolsOf(parameters);
  return request.webSearch === undefined ? [] : [{ type: 'web_search' }];
}

/**
 * Search is a tool of the server's, and those are only to be had by another path than chat: the conversation goes there, and
 * what comes back is told as chat.
 */
export async function* searchChat(
  request: ChatRequest,
  { search, context }: { search: JsonObject[]; context: Context },
): AsyncGenerator<ChatPart, void, undefined> {
  refuseUnknown(request);
  const { sampling, maxOutputTokens, reasoning, parallelToolCalls, endUser } = request;
  const body: JsonObject = {
    model: context.model,
    stream: true,
    store: false,
    input: encodeInput(request.messages),
    tools: [...search, ...encodeSearchTools(request.tools ?? [])],
    ...present({
      temperature: sampling?.temperature,
      top_p: sampling?.topP,
      max_output_tokens: maxOutputTokens,
      parallel_tool_calls: parallelToolCalls,
      reasoning: reasoning?.effort === undefined ? undefined : { effort: reasoning.effort },
      text: formatOf(request),
      user: endUser,
    }),
  };
  const response = await post({ path: '/responses', body, accept: 'text/event-stream' }, context);
  const reader = new ResponsesReader();
  for await (const { data } of decodeSse(response.body, { framing: 'json' })) {
    if (data === '[DONE]') break;
    yield* reader.read(data);
    if (reader.isComplete) return;
  }
  yield* reader.end();
}

/** What search can look through here; news lie on the web. */
function toolsOf(parameters: JsonObject): JsonObject[] {
  const sources = Array.isArray(parameters['sources']) ? parameters['sources'] : [{ type: 'web' }, { type: 'x' }];
  const tools = new Map<string, JsonObject>();
  sources.forEach((source, index) => {
    const type = typeof source === 'string' ? source : isJsonObject(source) ? source['type'] : undefined;
    if (type === 'web' || type === 'news') tools.set('web_search', { type: 'web_search', ...filtersOf(source) });
    else if (type === 'x') tools.set('x_search', { type: 'x_search', ...datesOf(parameters) });
    else throw unsupported(`search_parameters.sources[${index}]`, 'The upstream can search the web and X alone.');
  });
  return [...tools.values()];
}

function filtersOf(source: Json): JsonObject {
  if (!isJsonObject(source)) return {};
  const { allowed_websites: allowed, excluded_websites: excluded } = source;
  if (allowed == null && excluded == null) return {};
  return { filters: present({ allowed_domains: allowed, excluded_domains: excluded }) };
}

function datesOf({ from_date, to_date }: JsonObject): JsonObject {
  return present({ from_date, to_date });
}

function formatOf({ responseFormat }: ChatRequest): JsonObject | undefined {
  if (responseFormat === undefined || responseFormat.type === 'text') return undefined;
  if (responseFormat.type === 'json') return { format: { type: 'json_object' } };
  const { name, schema, strict, description } = responseFormat;
  return { format: present({ type: 'json_schema', name, schema, strict, description }) };
}

/** Nothing is dropped in silence. */
function refuseUnknown({ choices = 1, logprobs, stop, audioOutput }: ChatRequest): void {
  if (choices > 1) throw unsupported('n', 'With search there is one answer.');
  if (logprobs !== undefined) throw unsupported('logprobs', 'With search there are no log probabilities.');
  if (stop !== undefined && stop.length > 0) throw unsupported('stop', 'With search there are no stop sequences.');
  if (audioOutput !== undefined) throw unsupported('audio', 'The upstream answers in text.');
}
