import type { Fault } from '../faults/fault.js';
import type { ChatRequest } from './chat-request.js';
import type { ToolCall } from './choose-tool-calls.js';
import type { Envelope } from './envelope.js';
import { renderLogprobs } from './logprobs.js';
import type { PlannedChoice, PlannedReply } from './plan-reply.js';
import { renderUsage } from './usage.js';

export interface CompletionSource {
  readonly envelope: Envelope;
  readonly reply: PlannedReply;
  readonly request: ChatRequest;
  readonly fault: Fault | undefined;
}

/** The reply as one JSON object. */
export function renderCompletion({ envelope, reply, request, fault }: CompletionSource): string {
  return JSON.stringify({
    ...envelope,
    choices: reply.choices.map((choice) => ({
      index: choice.index,
      message: renderMessage(choice, fault),
      logprobs: renderLogprobs(choice.pieces, request),
      finish_reason: fault?.noFinish ? null : choice.finishReason,
    })),
    ...(fault?.usage === 'none' ? {} : { usage: renderUsage(reply.usage) }),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  });
}

export function renderToolCall({ id, type, name, input }: ToolCall): Record<string, unknown> {
  return type === 'custom' ? { id, type, custom: { name, input } } : { id, type, function: { name, arguments: input } };
}

function renderMessage(choice: PlannedChoice, fault: Fault | undefined): Record<string, unknown> {
  const hasCalls = choice.toolCalls.length > 0;
  return {
    ...(fault?.missingRole ? {} : { role: 'assistant' }),
    content: hasCalls ? null : choice.pieces.join(''),
    refusal: null,
    annotations: [],
    ...(choice.reasoning.length > 0 ? { reasoning_content: choice.reasoning.join('') } : {}),
    ...(hasCalls ? { tool_calls: choice.toolCalls.map(renderToolCall) } : {}),
  };
}
