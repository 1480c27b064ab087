import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { GROK_WEB_MODELS } from '@sluice/manifests/grok-models';
import { SpokenToolReader } from '@sluice/upstream-kit/spoken-tool-reader';
import { offeredTools } from '@sluice/upstream-kit/spoken-tools';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { countTokens, textTokens } from '@sluice/wire-tokens/count-tokens';
import type { WebCredential } from './grok.credential.js';
import { readFrames } from './web.frames.js';
import { toWebMessage } from './web.message.js';
import { readPicture } from './web.assets.js';
import { callWeb } from './web.request.js';
import { uploadAll } from './web.upload.js';
import { refuseUnknown } from './web.refusals.js';
import { WebAnswer } from './web.answer.js';

type Context = UpstreamContext<WebCredential>;

const CONVERSATIONS = '/rest/app-chat/conversations/new';

const SEED_LENGTH = 20;

export async function* webChat(request: ChatRequest, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  refuseUnknown(request);
  const { text, attachments } = toWebMessage(request);
  const files = await uploadAll(attachments, context);
  const body = conversationBody({ model: context.model, message: text, fileIds: files.map(({ id }) => id) });
  const tools = offeredTools(request);
  const callIdSeed = context.generationId.slice(-SEED_LENGTH);
  const reader = new SpokenToolReader({ tools, callIdSeed, isSingle: request.parallelToolCalls === false });
  let told = '';
  for await (const part of answerParts(body, { context, filteredTags: tagsOf(request) })) {
    if ('text' in part) told += part.text;
    if (part.type === 'text-delta' && tools.length > 0) yield* reader.push(part.text);
    else yield part;
  }
  yield* reader.end();
  yield { type: 'finish', choice: 0, reason: reader.calls > 0 ? 'tool-calls' : 'stop' };
  yield { type: 'usage', usage: estimateUsage(request, told) };
}

async function* answerParts(
  body: JsonObject,
  { context, filteredTags }: { context: Context; filteredTags: readonly string[] },
): AsyncGenerator<ChatPart, void, undefined> {
  const response = await callWeb({ path: CONVERSATIONS, body }, context);
  const answer = new WebAnswer(filteredTags);
  for await (const frame of readFrames(response)) {
    yield* answer.read(frame);
    if (answer.isComplete) break;
  }
  yield* answer.end();
  for (const path of answer.pictures) {
    const { mediaType, bytes } = await readPicture(path, context);
    yield { type: 'image', choice: 0, mediaType, base64: Buffer.from(bytes).toString('base64') };
  }
}

/** What the operator wants to be taken out, too. */
function tagsOf({ providerOptions }: ChatRequest): string[] {
  const tags = providerOptions?.['grok']?.['filteredTags'];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** The site counts no tokens. */
function estimateUsage(request: ChatRequest, told: string): Usage {
  const inputTokens = countTokens(request);
  const outputTokens = Math.ceil(textTokens(told));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

/** What the site's own page sends; a model that is not listed goes by its name alone. */
export function conversationBody(call: { model: string; message: string; fileIds: readonly string[] }): JsonObject {
  const { model, message, fileIds } = call;
  const known = GROK_WEB_MODELS.find(({ id }) => id === model);
  const name = known?.name ?? model;
  return {
    temporary: true,
    modelName: name,
    ...(known && { modelMode: known.mode }),
    message,
    fileAttachments: [...fileIds],
    imageAttachments: [],
    disableSearch: false,
    enableImageGeneration: true,
    returnImageBytes: false,
    returnRawGrokInXaiRequest: false,
    enableImageStreaming: true,
    imageGenerationCount: 2,
    forceConcise: false,
    toolOverrides: {},
    enableSideBySide: true,
    sendFinalMetadata: true,
    isReasoning: false,
    webpageUrls: [],
    disableTextFollowUps: true,
    responseMetadata: { requestModelDetails: { modelId: name } },
    disableMemory: false,
    forceSideBySide: false,
    isAsyncChat: false,
  };
}
