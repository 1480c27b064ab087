import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { decodeResponse } from '@sluice/wire-openai-chat/decode-response';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { aliasTools } from '@sluice/wire-openai-chat/tool-aliases';
import { habitsAt } from './chat-habits.js';
import { degptChat } from './degpt.chat.js';
import { asDegpt, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';
import { decodeOptions, MAXIMUM_ANSWER_BYTES, readStreamed } from './read-streamed.js';

export function chat(
  request: ChatRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, model, native, chatHabits } = context;
  const visitor = asDegpt(context.credential);
  if (visitor !== undefined) return degptChat(request, { visitor, context });
  if (native?.dialect === 'openai-chat') {
    // The client's own words, except where the operator knows better.
    const body = encodeRequest(request, { model, isStreamed, native: native.body });
    return answer(applyHabits(body, chatHabits ?? {}), context);
  }
  return translated(request, context);
}

async function* translated(
  request: ChatRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, model } = context;
  const { request: aliased, restore } = aliasTools(request);
  const body = applyHabits(encodeRequest(aliased, { model, isStreamed }), habitsAt(context));
  for await (const part of answer(body, context)) yield restore(part);
}

async function* answer(
  body: JsonObject,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed } = context;
  const accept = isStreamed ? 'text/event-stream' : 'application/json';
  const response = await post({ path: '/chat/completions', body, accept }, context);
  if (isStreamed || isEventStream(response)) yield* readStreamed(response, context);
  else yield* decodeResponse(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), decodeOptions(context));
}

function isEventStream({ headers }: HttpResponse): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
