import type { JsonObject } from '@sluice/contracts/json';
import type { AnswerPlan } from './answer-plan.js';

/** The answer as the events of `streamGenerateContent`, whose calls come whole. */
export function generateEvents({ thoughts, texts, calls }: AnswerPlan): string[] {
  return [
    ...thoughts.map((text) => event([{ text, thought: true }])),
    ...texts.map((text) => event([{ text }])),
    ...calls.map(({ id, name, pieces }) =>
      event([{ functionCall: { id, name, args: JSON.parse(pieces.join('')) as JsonObject } }]),
    ),
    event([{ text: '' }], { finishReason: 'STOP' }),
  ];
}

function event(parts: JsonObject[], end: JsonObject = {}): string {
  return JSON.stringify({
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...end }],
    usageMetadata: {
      promptTokenCount: 50_000,
      candidatesTokenCount: 700,
      thoughtsTokenCount: 200,
      totalTokenCount: 50_900,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 50_000 }],
    },
    modelVersion: 'bench-2026-01-01',
    responseId: 'Bq3jv5xbS',
  });
}
