import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { changeParts, WholeAnswer } from '@sluice/upstream-kit/whole-answer';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { decodeResponse } from '@sluice/wire-openai-chat/decode-response';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { aliasTools } from '@sluice/wire-openai-chat/tool-aliases';
import { habitsAt } from './chat-habits.js';
import { degptChat } from './degpt.chat.js';
import { asDegpt, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';
import { decodeOptions, MAXIMUM_ANSWER_BYTES, readStreamed } from './read-streamed.js';

type Context = UpstreamContext<OpenaiCredential>;

export function chat(request: ChatRequest, context: Context): AsyncIterable<ChatPart> {
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

function translated(request: ChatRequest, context: Context): AsyncIterable<ChatPart> {
  const { isStreamed, model } = context;
  const { request: aliased, restore } = aliasTools(request);
  const body = applyHabits(encodeRequest(aliased, { model, isStreamed }), habitsAt(context));
  return changeParts(answer(body, context), restore);
}

function answer(body: JsonObject, context: Context): AsyncIterable<ChatPart> {
  return context.isStreamed ? streamed(body, context) : new WholeAnswer(() => whole(body, context));
}

async function* streamed(body: JsonObject, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const response = await post({ path: '/chat/completions', body, accept: 'text/event-stream' }, context);
  yield* readStreamed(response, context);
}

/** Some vendors stream also what was not asked for as a stream. */
async function whole(body: JsonObject, context: Context): Promise<ChatPart[] | AsyncIterable<ChatPart>> {
  const response = await post({ path: '/chat/completions', body, accept: 'application/json' }, context);
  if (isEventStream(response)) return readStreamed(response, context);
  return decodeResponse(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), decodeOptions(context));
}

function isEventStream({ headers }: HttpResponse): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
