import type { Usage } from '@sluice/contracts/chat-part';
import type { Part } from '@sluice/contracts/part';

/** What an answer says, whatever pieces it came in. */
export interface GatheredAnswer {
  choices: GatheredChoice[];
  usage: Usage | undefined;
}

interface GatheredChoice {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; input: unknown }[];
  reason: string | undefined;
}

/** Calls whose input is JSON: how it was written is no part of what it says. */
export function gatherAnswer(parts: readonly Part[]): GatheredAnswer {
  const choices: GatheredChoice[] = [];
  let usage: Usage | undefined;
  for (const part of parts) {
    if (part.type === 'usage') usage = part.usage;
    if (!('choice' in part)) continue;
    const choice = (choices[part.choice] ??= { text: '', reasoning: '', calls: [], reason: undefined });
    if (part.type === 'text-delta') choice.text += part.text;
    else if (part.type === 'reasoning-delta') choice.reasoning += part.text;
    else if (part.type === 'tool-input-start') choice.calls[part.index] = { id: part.id, name: part.name, input: '' };
    else if (part.type === 'tool-input-delta') {
      const call = choice.calls[part.index];
      if (call !== undefined) call.input = String(call.input) + part.delta;
    } else if (part.type === 'finish') choice.reason = part.reason;
  }
  for (const call of choices.flatMap(({ calls }) => calls)) call.input = JSON.parse(String(call.input));
  return { choices, usage };
}
