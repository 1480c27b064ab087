import type { Json, JsonObject } from '@sluice/contracts/json';
import type { AnswerPlan } from './answer-plan.js';

/** The answer as the events of a streamed chat completion. */
export function chatEvents({ thoughts, texts, calls }: AnswerPlan): string[] {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...thoughts.map((text) => chunk({ reasoning_content: text })),
    ...texts.map((text) => chunk({ content: text })),
    ...calls.flatMap(({ id, name, pieces }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk({}, 'tool_calls'),
    event({ choices: [], usage: { prompt_tokens: 50_000, completion_tokens: 900, total_tokens: 50_900 } }),
    '[DONE]',
  ];
}

function chunk(delta: JsonObject, reason: Json = null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }], usage: null });
}

function event(members: JsonObject): string {
  return JSON.stringify({
    id: 'chatcmpl-Bq3jv5xbS',
    object: 'chat.completion.chunk',
    created: 1_780_000_000,
    model: 'bench-2026-01-01',
    service_tier: 'default',
    system_fingerprint: 'fp_1',
    ...members,
  });
}
