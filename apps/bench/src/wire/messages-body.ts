import type { JsonObject } from '@sluice/contracts/json';
import type { Conversation, Round } from './conversation.js';

/** The conversation as a body of `POST /v1/messages`. */
export function messagesBody({ instructions, tools, rounds }: Conversation): JsonObject {
  return {
    model: 'bench',
    stream: true,
    max_tokens: 4_096,
    system: [{ type: 'text', text: instructions, cache_control: { type: 'ephemeral' } }],
    messages: rounds.flatMap(messagesOf),
    tools: tools.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
    thinking: { type: 'enabled', budget_tokens: 2_048 },
  };
}

function messagesOf({ question, image, thought, signature, calls, answer }: Round): JsonObject[] {
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image ?? '' } };
  return [
    { role: 'user', content: [{ type: 'text', text: question }, ...(image === undefined ? [] : [picture])] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: thought, signature },
        ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
      ],
    },
    {
      role: 'user',
      content: calls.map(({ id, result }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: [{ type: 'text', text: result }],
      })),
    },
    { role: 'assistant', content: [{ type: 'text', text: answer }] },
  ];
}
