import { z } from 'zod';
import { admit } from '../faults/admit.js';
import type { Framing } from '../faults/event-stream.js';
import { renderedError } from '../faults/preempt.js';
import { sendEvents } from '../faults/send-events.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { chatFrames } from './chat-frames.js';
import { pictureFrames } from './picture-frames.js';
import { makeVideo } from './video-frames.js';

const mapSchema = z.looseObject({
  videoGenModelConfig: z.looseObject({ parentPostId: z.string() }).optional(),
  imageEditModelConfig: z.looseObject({ imageReferences: z.array(z.string()).min(1) }).optional(),
});

export const conversationSchema = z.looseObject({
  modelName: z.string().min(1),
  modelMode: z.string().optional(),
  message: z.string(),
  fileAttachments: z.array(z.string()).default([]),
  responseMetadata: z
    .looseObject({ modelConfigOverride: z.looseObject({ modelMap: mapSchema.optional() }).optional() })
    .optional(),
});

/** A frame a line. */
const LINES: Framing = {
  contentType: 'application/json',
  frame: (data) => `${data}\n`,
  closing: '',
  frameError: (data) => `${data}\n`,
};

const HEAVY_MODES = /HEAVY|EXPERT|4_1_THINKING/;
const PICTURE = /^Image (?:Generation|Edit): /;

/** POST /rest/app-chat/conversations/new: chats, pictures and videos, by what the body holds. */
export const handleConversation: Handler = async (exchange, context) => {
  const { value: call, text } = await readJsonBody(exchange, conversationSchema);
  const { state } = context;
  const { key = '' } = exchange.record;
  const { message: prompt, modelName, modelMode = '' } = call;
  const map = call.responseMetadata?.modelConfigOverride?.modelMap;
  if (map?.videoGenModelConfig) {
    await makeVideo({ exchange, context, prompt, postId: map.videoGenModelConfig.parentPostId, key });
    return;
  }
  const { answered, fault } = await admit(exchange, context, { model: modelName, prompt, bodyBytes: text.length });
  if (answered) return;
  const isHeavy = modelMode.endsWith('HEAVY');
  const spent = state.grok.spend(key, {
    name: isHeavy ? 'grok-4-heavy' : modelName,
    cost: HEAVY_MODES.test(modelMode) ? 4 : 1,
  });
  if (!spent) throw new SimulatedFailure('quota-exhausted', { status: 429, message: 'quota' });
  for (const id of call.fileAttachments)
    if (!state.grok.account(key).assets.has(id))
      throw new SimulatedFailure('invalid-request', { status: 400, message: `File ${id} not found.` });
  const ids = { responseId: state.grok.nextId('response'), conversationId: state.grok.nextId('conversation') };
  const source = { ...ids, prompt, model: modelName, mode: modelMode, fault };
  const isPicture = PICTURE.test(prompt) || map?.imageEditModelConfig !== undefined;
  const events = isPicture ? pictureFrames({ ...source, site: state.grok, key }) : chatFrames(source);
  await sendEvents(
    exchange,
    { events, errorEvent: () => renderedError(fault ?? {}, context.vendor), framing: LINES },
    fault,
  );
};
