import { admit } from '../faults/admit.js';
import { renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import { chatRequestSchema, type ChatRequest } from '../openai/chat-request.js';
import { completionChunks } from '../openai/completion-chunks.js';
import { readConversation } from '../openai/conversation.js';
import { createEnvelope } from '../openai/envelope.js';
import { refuseMissingModel } from '../openai/models.js';
import { planReply } from '../openai/plan-reply.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { renderCompletion } from '../openai/render-completion.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';

const GONE = 410;
const REASONS = /grok-(?:3-mini|4|reason)/;
const DEFAULT_THOUGHTS = 6;

/** POST /v1/chat/completions: as OpenAI's, with reasoning told before the text and counted beside it. */
export const handleXaiChat: Handler = async (exchange, context) => {
  const { text: bodyText, value: request } = await readJsonBody(exchange, chatRequestSchema);
  const conversation = readConversation(request.messages);
  const subject = { model: request.model, prompt: conversation.prompt, bodyBytes: bodyText.length };
  const { answered, fault: asked } = await admit(exchange, context, subject);
  if (answered) return;
  refuse(request);
  refuseMissingModel(request.model);
  const reasons = REASONS.test(request.model) && request.reasoning_effort !== 'none';
  const fault = reasons ? { reasoning: DEFAULT_THOUGHTS, ...asked } : asked;
  const reply = planReply({ request, conversation, bodyText, fault });
  const envelope = createEnvelope({
    sequence: exchange.record.sequence,
    nowMs: exchange.record.receivedAt,
    model: request.model,
    object: request.stream ? 'chat.completion.chunk' : 'chat.completion',
    fault,
  });
  const source = { envelope, reply, request, fault };
  if (!request.stream) return sendBody(exchange, countBeside(renderCompletion(source)), asked);
  const events = (function* () {
    for (const chunk of completionChunks(source)) yield chunk === '[DONE]' ? chunk : countBeside(chunk);
  })();
  return sendEvents(exchange, { events, errorEvent: () => renderedError(fault ?? {}, context.vendor) }, asked);
};

function refuse(request: ChatRequest): void {
  const { search_parameters: search, logit_bias: bias } = request;
  if (search !== undefined)
    throw new SimulatedFailure('fault', {
      status: GONE,
      message: 'Live search is deprecated. Please switch to the Agent Tools API.',
      code: 'The requested resource is gone',
    });
  if (bias !== undefined && bias !== null) throw invalid('Argument not supported: logit_bias');
  if (request.model.includes('grok-4') && request.stop != null) throw invalid('Model does not support parameter stop.');
}

/** The completion's tokens are without those of its reasoning; only the total has both. */
function countBeside(text: string): string {
  const object = JSON.parse(text) as { usage?: Record<string, unknown> | null };
  const { usage } = object;
  if (!usage) return text;
  const details = usage['completion_tokens_details'] as { reasoning_tokens: number };
  const completion = Number(usage['completion_tokens']) - details.reasoning_tokens;
  object.usage = { ...usage, completion_tokens: completion, num_sources_used: 0, cost_in_usd_ticks: 1_000 };
  return JSON.stringify(object);
}

function invalid(message: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message });
}
