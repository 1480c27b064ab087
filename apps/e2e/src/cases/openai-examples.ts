import type { BodyExample } from './wrong-fields.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
export const PICTURE = { mediaType: 'image/png', base64: PIXEL, url: `data:image/png;base64,${PIXEL}` };
export const CITY_SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

export const chatExample = (model: string): BodyExample => ({
  body: {
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: PICTURE.url, detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        content: 'One moment.',
        reasoning_content: 'It may be warm.',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Warm.' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'weather', description: 'The weather.', parameters: CITY_SCHEMA, strict: false },
      },
    ],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: true,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: CITY_SCHEMA, strict: true } },
    temperature: 0.5,
    top_p: 0.9,
    n: 1,
    stop: ['end'],
    max_completion_tokens: 50,
    frequency_penalty: 0.1,
    presence_penalty: 0.1,
    logit_bias: { '50256': -10 },
    logprobs: true,
    top_logprobs: 2,
    seed: 7,
    metadata: { topic: 'weather' },
    reasoning_effort: 'low',
    verbosity: 'low',
    service_tier: 'auto',
    store: false,
    stream: false,
    user: 'ann',
    safety_identifier: 'ann',
    prompt_cache_key: 'a',
    modalities: ['text'],
    prediction: { type: 'content', content: 'Warm.' },
  },
  opaque: ['tools[0].function.parameters', 'response_format.json_schema.schema'],
  mayBeText: ['messages[1].content', 'stop'],
  required: ['model', 'messages', 'messages[3].tool_call_id', 'messages[1].content', 'tools[0].function.name'],
  values: {
    messages: [[]],
    'messages[0].role': ['robot'],
    'messages[1].content[0].type': ['smell'],
    'messages[2].tool_calls[0].type': ['wish'],
    tool_choice: ['perhaps'],
    'tool_choice.type': ['perhaps'],
    'response_format.type': ['xml'],
    temperature: [-0.1, 2.1],
    top_p: [-0.1, 1.1],
    n: [0, 129, 1.5],
    stop: [['a', 'b', 'c', 'd', 'e']],
    max_completion_tokens: [0, 1.5],
    frequency_penalty: [-2.1, 2.1],
    presence_penalty: [-2.1, 2.1],
    'logit_bias.50256': [-101, 101],
    top_logprobs: [-1, 21],
    seed: [1.5],
    'metadata.topic': ['x'.repeat(513)],
    reasoning_effort: ['enormous'],
    verbosity: ['endless'],
    'modalities[0]': ['smell'],
    'prediction.type': ['guess'],
  },
});

export const embeddingExample = (model: string): BodyExample => ({
  body: { model, input: ['one', 'two'], dimensions: 8, encoding_format: 'float', user: 'ann' },
  mayBeText: ['input'],
  required: ['model', 'input'],
  values: { input: [[]], 'input[0]': [-1], dimensions: [0, 1.5], encoding_format: ['hex'] },
});

export const speechExample = (model: string): BodyExample => ({
  body: { model, input: 'Hello.', voice: 'alloy', instructions: 'Softly.', response_format: 'wav', speed: 1 },
  required: ['model', 'input', 'voice'],
  values: { input: ['', 'x'.repeat(4_097)], response_format: ['midi'], speed: [0.1, 4.1] },
});

export const videoExample = (model: string): BodyExample => ({
  body: {
    model,
    prompt: 'a cat',
    size: '1280x720',
    metadata: { topic: 'cats' },
    user: 'ann',
    safety_identifier: 'ann',
  },
  opaque: ['metadata'],
  required: ['prompt'],
  values: {
    prompt: ['', 'x'.repeat(32_001)],
    // Both 4 and '4' are meant by somebody.
    seconds: ['long', '-1', 0, true, {}],
    n: [0, 'many', true],
    size: ['large'],
    orientation: ['upside down'],
  },
});

export const pictureVideoExample = (model: string): BodyExample => ({
  body: { model, prompt: 'a cat', input_reference: { image_url: { url: PICTURE.url } } },
  mayBeText: ['input_reference', 'input_reference.image_url'],
  required: [],
  values: {},
});
