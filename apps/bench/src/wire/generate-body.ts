import type { JsonObject } from '@sluice/contracts/json';
import type { Conversation, Round } from './conversation.js';

/** The conversation as a body of `POST /v1beta/models/{model}:streamGenerateContent`. */
export function generateBody({ instructions, tools, rounds }: Conversation): JsonObject {
  return {
    systemInstruction: { parts: [{ text: instructions }] },
    contents: rounds.flatMap(contentsOf),
    tools: [
      {
        functionDeclarations: tools.map(({ name, description, schema }) => ({
          name,
          description,
          parametersJsonSchema: schema,
        })),
      },
    ],
    generationConfig: {
      maxOutputTokens: 4_096,
      thinkingConfig: { thinkingBudget: 2_048, includeThoughts: true },
    },
  };
}

function contentsOf({ question, image, thought, signature, calls, answer }: Round): JsonObject[] {
  const picture = { inlineData: { mimeType: 'image/png', data: image ?? '' } };
  return [
    { role: 'user', parts: [{ text: question }, ...(image === undefined ? [] : [picture])] },
    {
      role: 'model',
      parts: [
        { text: thought, thought: true },
        ...calls.map(({ id, name, input }, index) => ({
          functionCall: { id, name, args: input },
          ...(index === 0 && { thoughtSignature: signature }),
        })),
      ],
    },
    {
      role: 'user',
      parts: calls.map(({ id, name, result }) => ({ functionResponse: { id, name, response: { output: result } } })),
    },
    { role: 'model', parts: [{ text: answer }] },
  ];
}
