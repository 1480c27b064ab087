import type { UpstreamKind } from './upstream-kinds.js';

/** A call, and the schema that its answer is of by OpenAI's description. */
export interface DescribedCall {
  title: string;
  path: string;
  body?: object;
  /** 200 when absent. */
  status?: number;
  /** Of the whole answer, of each chunk, or the union of all events. */
  schema: string;
  answersIn: 'whole' | 'chunks' | 'events';
}

interface Asked {
  title: string;
  isFor?(kind: UpstreamKind): boolean;
  prompt: string;
  model?(kind: UpstreamKind): string;
  chat?: object;
  responses?: object;
  isOnly?: 'streamed';
}

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOLS = ['weather', 'time'].map((name) => ({ name, description: `The ${name}.`, parameters: PARAMETERS }));
const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};

const WHOLE_CHAT = { schema: 'CreateChatCompletionResponse', answersIn: 'whole' } as const;
const CHAT_CHUNKS = { schema: 'CreateChatCompletionStreamResponse', answersIn: 'chunks' } as const;
const WHOLE_RESPONSE = { schema: 'Response', answersIn: 'whole' } as const;
const RESPONSE_EVENTS = { schema: 'ResponseStreamEvent', answersIn: 'events' } as const;

const ASKED: readonly Asked[] = [
  { title: 'words', prompt: 'good morning' },
  {
    title: 'all settings',
    isFor: ({ keepsToSchemas }) => keepsToSchemas,
    prompt: 'good morning',
    chat: { temperature: 0.5, top_p: 0.9, max_completion_tokens: 90, metadata: { a: 'b' }, user: 'someone' },
    responses: {
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 90,
      metadata: { a: 'b' },
      instructions: 'Be brief.',
      safety_identifier: 'someone',
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    },
  },
  {
    title: 'words cut short',
    isFor: ({ cutsShort }) => cutsShort,
    prompt: 'one two three four five',
    chat: { max_completion_tokens: 2 },
    responses: { max_output_tokens: 16, text: { verbosity: 'low' } },
  },
  {
    title: 'thoughts',
    isFor: ({ reasoner }) => reasoner !== undefined,
    model: ({ reasoner, chat }) => reasoner ?? chat,
    prompt: 'a riddle',
    responses: { reasoning: { summary: 'auto' } },
  },
  {
    title: 'tools called side by side',
    prompt: 'all please [[sim:tools=3]]',
    chat: { tools: TOOLS.map((tool) => ({ type: 'function', function: tool })) },
    responses: { tools: TOOLS.map((tool) => ({ type: 'function', ...tool, strict: false })), tool_choice: 'required' },
  },
  {
    title: 'JSON of a schema',
    isFor: ({ keepsToSchemas }) => keepsToSchemas,
    prompt: 'who?',
    chat: { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA, strict: true } } },
    responses: { text: { format: { type: 'json_schema', name: 'a', schema: SCHEMA, strict: true } } },
  },
  {
    title: 'alternatives with their likelihoods',
    isFor: ({ name }) => name === 'openai',
    prompt: 'heads or tails',
    chat: { n: 2, logprobs: true, top_logprobs: 2 },
    responses: { top_logprobs: 2, include: ['message.output_text.logprobs'] },
  },
  // In the middle it is told in the stream; a whole answer is another case, a refusal.
  ...['error-in-stream=3', 'cut=3'].map((marker) => ({
    title: `an answer that ends badly (${marker})`,
    isFor: ({ name }: UpstreamKind) => name === 'openai',
    isOnly: 'streamed' as const,
    prompt: `a long story [[sim:chunks=9,${marker}]]`,
  })),
  {
    title: 'an answer without its usage',
    isFor: ({ name }) => name === 'openai',
    prompt: 'free of charge [[sim:no-usage]]',
  },
];

/** Chat completions and responses, plain and streamed. */
export function describedChats(kind: UpstreamKind): DescribedCall[] {
  const asked = ASKED.filter(({ isFor }) => isFor === undefined || isFor(kind));
  return asked.flatMap(({ title, prompt, model = ({ chat }) => chat, chat, responses, isOnly }) => {
    const asChat = { model: model(kind), messages: [{ role: 'user', content: prompt }], ...chat };
    const asResponse = { model: model(kind), input: prompt, ...responses };
    const chatPath = '/v1/chat/completions';
    const responsesPath = '/v1/responses';
    const streamedChat = { ...asChat, stream: true, stream_options: { include_usage: true } };
    const streamedResponse = { ...asResponse, stream: true };
    const whole = [
      call({ title, path: chatPath, body: asChat, ...WHOLE_CHAT }),
      call({ title, path: responsesPath, body: asResponse, ...WHOLE_RESPONSE }),
    ];
    return [
      ...(isOnly === 'streamed' ? [] : whole),
      call({ title, path: chatPath, body: streamedChat, ...CHAT_CHUNKS }),
      call({ title, path: responsesPath, body: streamedResponse, ...RESPONSE_EVENTS }),
    ];
  });
}

/** What is answered alike whatever the upstream's kind. */
export const DESCRIBED_CALLS: readonly DescribedCall[] = [
  ...['float', 'base64'].map((format) =>
    call({
      title: `embeddings as ${format}`,
      path: '/v1/embeddings',
      body: { model: 'sim-embedding', input: ['one', 'two'], encoding_format: format },
      schema: 'CreateEmbeddingResponse',
      answersIn: 'whole',
    }),
  ),
  call({
    title: 'a judgement',
    path: '/v1/moderations',
    body: { input: ['peace', 'violence'] },
    schema: 'CreateModerationResponse',
    answersIn: 'whole',
  }),
  call({ title: 'models', path: '/v1/models', schema: 'ListModelsResponse', answersIn: 'whole' }),
  call({ title: 'a model', path: '/v1/models/sim-chat', schema: 'Model', answersIn: 'whole' }),
  call({
    title: 'counted tokens',
    path: '/v1/responses/input_tokens',
    body: { model: 'sim-chat', input: 'hello' },
    schema: 'TokenCountsResource',
    answersIn: 'whole',
  }),
  ...['/v1/chat/completions', '/v1/responses'].flatMap(refusals),
];

function call(described: DescribedCall): DescribedCall {
  const { path, answersIn } = described;
  return { ...described, title: `${path}: ${described.title}${answersIn === 'whole' ? '' : ', streamed'}` };
}

function refusals(path: string): DescribedCall[] {
  const refusal = { path, schema: 'ErrorResponse', answersIn: 'whole' } as const;
  const asked = (model: string, prompt: string) =>
    path === '/v1/responses' ? { model, input: prompt } : { model, messages: [{ role: 'user', content: prompt }] };
  return [
    call({ ...refusal, title: 'no such model', body: asked('there-is-none', 'hello'), status: 404 }),
    call({
      ...refusal,
      title: 'a wrong field',
      body: { ...asked('sim-chat', 'hello'), temperature: 'hot' },
      status: 400,
    }),
    call({
      ...refusal,
      title: 'an upstream that is full',
      body: asked('sim-chat', 'x [[sim:status=429]]'),
      status: 429,
    }),
    call({
      ...refusal,
      title: 'an upstream that refuses',
      body: asked('sim-chat', 'x [[sim:status=400]]'),
      status: 400,
    }),
  ];
}
