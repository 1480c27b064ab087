import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { GROK_WEB_MODELS } from '@sluice/manifests/grok-models';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
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

export async function* webChat(request: ChatRequest, context: Context): AsyncGenerator<ChatPart, void, undefined> {
  refuseUnknown(request);
  const { text, attachments } = toWebMessage(request);
  const files = await uploadAll(attachments, context);
  const body = conversationBody({ model: context.model, message: text, fileIds: files.map(({ id }) => id) });
  const response = await callWeb({ path: CONVERSATIONS, body }, context);
  const answer = new WebAnswer();
  for await (const frame of readFrames(response)) {
    yield* answer.read(frame);
    if (answer.isComplete) break;
  }
  yield* answer.end();
  for (const path of answer.pictures) {
    const { mediaType, bytes } = await readPicture(path, context);
    yield { type: 'image', choice: 0, mediaType, base64: Buffer.from(bytes).toString('base64') };
  }
  yield { type: 'finish', choice: 0, reason: 'stop' };
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
