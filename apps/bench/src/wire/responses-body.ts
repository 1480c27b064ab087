import type { JsonObject } from '@sluice/contracts/json';
import { sealReasoning } from '@sluice/wire-openai-responses/reasoning-envelope';
import type { Conversation, Round } from './conversation.js';

/** The conversation as a body of `POST /v1/responses`. */
export function responsesBody({ instructions, tools, rounds }: Conversation): JsonObject {
  return {
    model: 'bench',
    stream: true,
    store: false,
    instructions,
    input: rounds.flatMap(itemsOf),
    tools: tools.map(({ name, description, schema }) => ({ type: 'function', name, description, parameters: schema })),
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'medium', summary: 'auto' },
    max_output_tokens: 4_096,
  };
}

function itemsOf({ question, image, thought, signature, calls, answer }: Round): JsonObject[] {
  const picture = { type: 'input_image', image_url: `data:image/png;base64,${image ?? ''}` };
  return [
    {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: question }, ...(image === undefined ? [] : [picture])],
    },
    {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: thought }],
      encrypted_content: sealReasoning({ text: thought, signature }),
    },
    ...calls.map(({ id, name, input }) => ({
      type: 'function_call',
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    })),
    ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: result })),
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answer, annotations: [] }] },
  ];
}
