import { CITY_SCHEMA, PICTURE } from './openai-examples.js';
import type { BodyExample } from './wrong-fields.js';

const conversation = (model: string): BodyExample => ({
  body: {
    model,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', source: { type: 'base64', media_type: PICTURE.mediaType, data: PICTURE.base64 } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'It may be warm.', signature: 'c2ln' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Warm.', is_error: false }],
      },
    ],
    tools: [{ name: 'weather', description: 'The weather.', input_schema: CITY_SCHEMA, strict: false }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    thinking: { type: 'enabled', budget_tokens: 1_024 },
    output_config: { effort: 'low' },
  },
  opaque: ['tools[0].input_schema', 'messages[1].content[1].input', 'system[0].cache_control'],
  mayBeText: ['system', 'messages[0].content', 'messages[1].content', 'messages[2].content'],
  required: [
    'model',
    'messages',
    'messages[0].role',
    'messages[0].content',
    'messages[0].content[0].text',
    'messages[0].content[1].source',
    'messages[1].content[1].id',
    'messages[1].content[1].input',
    'messages[2].content[0].tool_use_id',
    'tools[0].name',
    'tool_choice.type',
    'thinking.budget_tokens',
  ],
  values: {
    messages: [[]],
    'messages[0].role': ['robot'],
    'messages[0].content[0].type': ['smell'],
    'messages[0].content[1].source.type': ['memory'],
    'tool_choice.type': ['perhaps'],
    'thinking.type': ['deep'],
    'thinking.budget_tokens': [1_023],
    'output_config.effort': ['enormous'],
  },
});

export const countTokensExample = conversation;

export function messagesExample(model: string): BodyExample {
  const { body, required, values, ...rest } = conversation(model);
  return {
    ...rest,
    body: {
      ...body,
      max_tokens: 2_000,
      stream: false,
      stop_sequences: ['end'],
      metadata: { user_id: 'ann' },
      service_tier: 'auto',
    },
    required: [...required, 'max_tokens'],
    values: {
      ...values,
      max_tokens: [-1, 1.5],
      // Of the older version alone: the newer refuses them by name, too.
      temperature: ['hot', {}, -0.1, 1.1],
      top_p: ['high', 1.1],
      top_k: ['many', -1],
      service_tier: ['first'],
    },
  };
}
