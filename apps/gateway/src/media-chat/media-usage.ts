import type { Usage } from '@sluice/contracts/chat-part';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { JsonObject } from '@sluice/contracts/json';
import { textTokens } from '@sluice/wire-tokens/count-tokens';

/** As the upstream counted, where it did; else an estimate of the words on both sides. */
export function mediaUsage(facts: JsonObject, said: { prompt: string; text: string }): Usage {
  return countedIn(facts) ?? estimate(said);
}

function countedIn({ usage }: JsonObject): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const { inputTokens, outputTokens, totalTokens } = usage;
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return undefined;
  const total = typeof totalTokens === 'number' ? totalTokens : inputTokens + outputTokens;
  return { inputTokens, outputTokens, totalTokens: total };
}

function estimate({ prompt, text }: { prompt: string; text: string }): Usage {
  const inputTokens = Math.max(1, Math.ceil(textTokens(prompt)));
  // A picture in the answer is no text.
  const words = text.replaceAll(/data:[^)]*/g, '');
  const outputTokens = Math.max(1, Math.ceil(textTokens(words)));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
