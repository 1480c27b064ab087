import type { JsonObject } from '@sluice/contracts/json';
import type { Conversation, Round } from './conversation.js';

/** The conversation as a body of `POST /v1/chat/completions`. */
export function chatBody({ instructions, tools, rounds }: Conversation): JsonObject {
  return {
    model: 'bench',
    stream: true,
    messages: [{ role: 'system', content: instructions }, ...rounds.flatMap(messagesOf)],
    tools: tools.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema },
    })),
    tool_choice: 'auto',
    reasoning_effort: 'medium',
    max_completion_tokens: 4_096,
  };
}

function messagesOf({ question, image, thought, signature, calls, answer }: Round): JsonObject[] {
  const text = { type: 'text', text: question };
  const url = { url: `data:image/png;base64,${image ?? ''}` };
  return [
    { role: 'user', content: image === undefined ? question : [text, { type: 'image_url', image_url: url }] },
    {
      role: 'assistant',
      content: null,
      reasoning_content: thought,
      reasoning_details: [{ type: 'reasoning.text', text: thought, signature }],
      tool_calls: calls.map(({ id, name, input }) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(input) },
      })),
    },
    ...calls.map(({ id, result }) => ({ role: 'tool', tool_call_id: id, content: result })),
    { role: 'assistant', content: answer },
  ];
}
