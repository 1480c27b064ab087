import { admit } from '../faults/admit.js';
import { renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import type { Handler } from '../vendor.js';
import { chatRequestSchema } from './chat-request.js';
import { completionChunks } from './completion-chunks.js';
import { readConversation } from './conversation.js';
import { createEnvelope } from './envelope.js';
import { refuseMissingModel } from './models.js';
import { planReply } from './plan-reply.js';
import { readJsonBody } from './read-json-body.js';
import { renderCompletion } from './render-completion.js';

/** POST /v1/chat/completions */
export const handleChatCompletions: Handler = async (exchange, context) => {
  const { text: bodyText, value: request } = await readJsonBody(exchange, chatRequestSchema);
  const conversation = readConversation(request.messages);
  const subject = { model: request.model, prompt: conversation.prompt, bodyBytes: bodyText.length };
  const { answered, fault } = await admit(exchange, context, subject);
  if (answered) return;
  refuseMissingModel(request.model);

  const reply = planReply({ request, conversation, bodyText, fault });
  const envelope = createEnvelope({
    sequence: exchange.record.sequence,
    nowMs: exchange.record.receivedAt,
    model: request.model,
    object: request.stream ? 'chat.completion.chunk' : 'chat.completion',
    fault,
  });
  const source = { envelope, reply, request, fault };
  if (!request.stream) return sendBody(exchange, renderCompletion(source), fault);
  const errorEvent = () => renderedError(fault ?? {}, context.vendor);
  return sendEvents(exchange, { events: completionChunks(source), errorEvent }, fault);
};
