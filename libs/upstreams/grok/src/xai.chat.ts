import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { parseJson, readJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { decodeResponse } from '@sluice/wire-openai-chat/decode-response';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { aliasTools } from '@sluice/wire-openai-chat/tool-aliases';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import type { XaiCredential } from './grok.credential.js';
import { post } from './xai.request.js';
import { searchChat, wantedSearch } from './xai.search.js';

type Context = UpstreamContext<XaiCredential>;

/** Reasoning goes back to who wrote it, and a developer is a system here. */
const HABITS = { tokenLimit: 'max_completion_tokens', developerRole: 'system', reasoningContent: 'send' } as const;
const MAXIMUM_ANSWER_BYTES = 64 * 1024 * 1024;
const SEED_LENGTH = 20;
const OPENING_BRACE = 0x7b;

export async function* xaiChat(request: ChatRequest, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, model, native, chatHabits } = context;
  const search = wantedSearch(request, native?.body);
  if (search.length > 0) {
    yield* searchChat(request, { search, context });
    return;
  }
  if (native?.dialect === 'openai-chat') {
    const { search_parameters: _off, thinking, ...rest } = native.body;
    // A word of other clients' for where they read thoughts, which was understood on the way.
    const own = thinking === undefined || typeof thinking === 'string' ? rest : { ...rest, thinking };
    const body = encodeRequest(request, { model, isStreamed, native: own });
    yield* answer(applyHabits(body, chatHabits ?? {}), context);
    return;
  }
  const { request: aliased, restore } = aliasTools(request);
  const body = applyHabits(encodeRequest(aliased, { model, isStreamed }), { ...HABITS, ...chatHabits });
  for await (const part of answer(body, context)) yield restore(part);
}

async function* answer(body: JsonObject, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  const { isStreamed, generationId } = context;
  const options = { callIdSeed: generationId.slice(-SEED_LENGTH) };
  const accept = isStreamed ? 'text/event-stream' : 'application/json';
  const response = await post({ path: '/chat/completions', body, accept }, context);
  if (!isStreamed) {
    yield* decodeResponse(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), options);
    return;
  }
  const stream = new StreamBody(response, context);
  // An error can be told with a 200, as one object.
  if ((await stream.firstByte()) !== OPENING_BRACE) {
    yield* decodeStream(decodeSse(stream, { framing: 'json' }), options);
    return;
  }
  const text = await stream.text(MAXIMUM_ANSWER_BYTES);
  if (text === undefined)
    throw new GatewayError('upstream_bad_answer', 'The upstream sent an answer that is too long.', { saw: 'unknown' });
  yield* decodeResponse(parseJson(text), options);
}
