import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { speakTools } from '@sluice/upstream-kit/spoken-tools';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';

/** What DeGPT's page has no word for, by the name that a client knows it by. */
const UNSUPPORTED = {
  n: ({ choices = 1 }) => choices > 1,
  logprobs: ({ logprobs }) => logprobs !== undefined,
  modalities: ({ audioOutput }) => audioOutput !== undefined,
  response_format: ({ responseFormat }) => responseFormat !== undefined && responseFormat.type !== 'text',
} as const satisfies Record<string, (request: ChatRequest) => boolean>;

/** The body of its chat. It is always asked for a stream: as a whole it sends each vendor's own object, or null. */
export function encodeDegptBody(request: ChatRequest, model: string): JsonObject {
  for (const [field, isAsked] of Object.entries(UNSUPPORTED)) if (isAsked(request)) throw unsupported(field);
  const spoken = speakTools(request);
  const { stream_options: _options, store: _store, ...body } = encodeRequest(spoken, { model, isStreamed: true });
  const habits = { reasoningContent: 'omit', tokenLimit: 'max_tokens', developerRole: 'system' } as const;
  return {
    ...applyHabits(body, habits),
    project: 'DecentralGPT',
    enable_thinking: request.reasoning?.effort !== 'none',
    reload: false,
  };
}

function unsupported(field: string): GatewayError {
  return new GatewayError('unsupported', `DeGPT does not take '${field}'.`, { param: field, saw: 'nothing' });
}
