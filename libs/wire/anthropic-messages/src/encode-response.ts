import type { Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { AnswerBlocks } from './answer-blocks.js';
import type { AnswerContext } from './answer-context.js';
import { textTokens } from '@sluice/wire-tokens/count-tokens';
import { encodeBlock } from './encode-block.js';
import { encodeWholeUsage, estimatedUsage } from './encode-usage.js';
import { encodeStop, type Finish } from './stop-reason.js';

/** The whole answer as one message. Throws the failure that a `failed` part carries. */
export function encodeResponse(parts: Iterable<Part>, context: AnswerContext): JsonObject {
  const answer = new AnswerBlocks();
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  for (const part of parts) {
    if (part.type === 'failed') throw GatewayError.fromData(part.error);
    if (part.type === 'cancelled') throw new GatewayError('cancelled', `The generation was cancelled: ${part.reason}`);
    if (part.type === 'usage') usage = part.usage;
    else if ('choice' in part && part.choice === 0) {
      if (part.type === 'finish') finish ??= part;
      else if (context.isWarmUp !== true) answer.add(part);
    }
  }
  const end = context.isWarmUp === true ? WARMED_UP : finish;
  return {
    id: context.id,
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: answer.blocks.map(encodeBlock),
    ...encodeStop(end, { blocks: answer, stopSequences: context.stopSequences }),
    container: null,
    usage: encodeWholeUsage(usage ?? estimate(answer, context)),
  };
}

/** As Anthropic ends what was to have no tokens. */
export const WARMED_UP: Finish = { type: 'finish', choice: 0, reason: 'length' };

function estimate({ blocks }: AnswerBlocks, context: AnswerContext): Usage {
  const outputTokens = Math.ceil(blocks.reduce((total, { pending }) => total + textTokens(pending), 0));
  return estimatedUsage({ inputTokens: context.estimateInputTokens(), outputTokens });
}
