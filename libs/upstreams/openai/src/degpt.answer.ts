import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { textTokens } from '@sluice/wire-tokens/count-tokens';

/** What it says, with status 200 and as an answer, in place of one. */
const FAILURE_TEXTS = ["Sorry, you don't have sufficient access rights at the moment."];

/**
 * The parts of an answer, rebuilt: a text that is one of the failures is held back until it is known to be none, the
 * model is the one that was asked, and tokens, of which it tells nothing, are estimated.
 */
export async function* rebuildAnswer(
  parts: AsyncIterable<ChatPart>,
  { request, model }: { request: ChatRequest; model: string },
): AsyncGenerator<ChatPart, void, undefined> {
  const told = { text: '', isHeld: true, hasUsage: false };
  let held: ChatPart[] = [];
  for await (const part of parts) {
    if (part.type === 'usage') told.hasUsage = true;
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') told.text += part.text;
    const own: ChatPart = part.type === 'start' ? { type: 'start', model } : part;
    if (told.isHeld && part.type === 'finish') assertAnswer(told.text);
    told.isHeld &&= part.type !== 'finish' && mayBeFailure(told.text);
    held.push(own);
    if (told.isHeld) continue;
    yield* held;
    held = [];
  }
  yield* held;
  if (!told.hasUsage) yield { type: 'usage', usage: estimateUsage(request.messages, told.text) };
}

function mayBeFailure(text: string): boolean {
  const begun = text.trim();
  return FAILURE_TEXTS.some((failure) => failure.startsWith(begun));
}

function assertAnswer(text: string): void {
  if (!FAILURE_TEXTS.includes(text.trim())) return;
  throw new GatewayError('upstream_forbidden', 'DeGPT does not allow this visitor to use the model now.', {
    saw: 'refused',
  });
}

function estimateUsage(messages: readonly Message[], answer: string): Usage {
  const asked = messages.flatMap(({ content }) => content.map((part) => ('text' in part ? part.text : '')));
  const inputTokens = Math.ceil(textTokens(asked.join('\n')));
  const outputTokens = Math.ceil(textTokens(answer));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
