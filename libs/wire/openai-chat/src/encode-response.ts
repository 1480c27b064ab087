import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { AnswerContext } from './answer-context.js';
import { ChoiceCollector } from './choice-collector.js';
import { encodeUsage } from './encode-usage.js';

/** The whole answer as one object. Throws the failure that a `failed` part carries. */
export function encodeResponse(parts: Iterable<Part>, context: AnswerContext): JsonObject {
  const choices: ChoiceCollector[] = [];
  let usage: Usage | undefined;
  let start: Extract<ChatPart, { type: 'start' }> | undefined;
  for (const part of parts) {
    if (part.type === 'failed') throw GatewayError.fromData(part.error);
    if (part.type === 'cancelled') throw new GatewayError('cancelled', `The generation was cancelled: ${part.reason}`);
    if (part.type === 'usage') usage = part.usage;
    else if (part.type === 'start') start = part;
    else if ('choice' in part) (choices[part.choice] ??= new ChoiceCollector()).add(part);
  }
  if (choices.length === 0) choices.length = 1;
  const { isLegacyFunctions = false, stopWord = 'stop' } = context;
  return {
    id: context.id,
    object: 'chat.completion',
    created: context.createdSeconds,
    model: context.model,
    choices: Array.from(choices, (choice, index) =>
      (choice ?? new ChoiceCollector()).encode({ index, isLegacyFunctions, stopWord }),
    ),
    usage: usage && encodeUsage(usage),
    service_tier: start && 'serviceTier' in start ? start.serviceTier : undefined,
    system_fingerprint: start && 'fingerprint' in start ? start.fingerprint : undefined,
  };
}
