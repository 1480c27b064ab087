import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { SpokenToolReader } from '@sluice/upstream-kit/spoken-tool-reader';
import { offeredTools } from '@sluice/upstream-kit/spoken-tools';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { rebuildAnswer } from './degpt.answer.js';
import { encodeDegptBody } from './degpt.body.js';
import { isLive, signIn } from './degpt.session.js';
import type { DegptCredential, OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';
import { readStreamed } from './read-streamed.js';

type Context = UpstreamContext<OpenaiCredential>;

const SEED_LENGTH = 20;

/** A conversation by way of DeGPT, as the visitor that the operator owns. */
export async function* degptChat(
  request: ChatRequest,
  { visitor, context }: { visitor: DegptCredential; context: Context },
): AsyncGenerator<ChatPart, void, undefined> {
  const { model } = context;
  const body = encodeDegptBody(request, model);
  const response = await ask(body, { visitor, context });
  const answer = rebuildAnswer(readStreamed(response, context), { request, model });
  yield* withSpokenCalls(answer, { request, context });
}

/** Its models are told of tools in words, and call them in words. */
async function* withSpokenCalls(
  answer: AsyncIterable<ChatPart>,
  { request, context }: { request: ChatRequest; context: Context },
): AsyncGenerator<ChatPart, void, undefined> {
  const tools = offeredTools(request);
  const callIdSeed = context.generationId.slice(-SEED_LENGTH);
  const reader = new SpokenToolReader({ tools, callIdSeed, isSingle: request.parallelToolCalls === false });
  for await (const part of answer) {
    if (tools.length > 0 && part.type === 'text-delta') yield* reader.push(part.text);
    else if (part.type !== 'finish') yield part;
    else {
      yield* reader.end();
      yield reader.calls > 0 ? { ...part, reason: 'tool-calls' } : part;
    }
  }
}

/** A session that has run out is followed by a fresh one: the id that the operator gave is what signs in. */
async function ask(
  body: JsonObject,
  { visitor, context }: { visitor: DegptCredential; context: Context },
): Promise<HttpResponse> {
  const chat = { path: '/v1/chat/completion/proxy', body, accept: 'text/event-stream' };
  if (isLive(visitor, context.clock)) {
    try {
      return await post(chat, context);
    } catch (thrown) {
      if (!(thrown instanceof GatewayError) || thrown.code !== 'upstream_auth') throw thrown;
    }
  }
  const { credential } = await signIn(visitor, context);
  return post(chat, { ...context, credential });
}
