/** A prompt as the clients of a dialect write it, streamed or not. */
export interface RawDialect {
  name: string;
  call(prompt: string, how: { model: string; isStreamed: boolean }): { path: string; body: object };
  /** The model that an answer which was not streamed says it is of. */
  modelOf(answer: unknown): unknown;
}

const modelOf = (answer: unknown) => (answer as { model: unknown }).model;

/** For what no SDK lets one see: headers, and how a connection ends. */
export const RAW_DIALECTS: readonly RawDialect[] = [
  {
    name: 'openai-chat',
    call: (prompt, { model, isStreamed }) => ({
      path: '/v1/chat/completions',
      body: { model, messages: [{ role: 'user', content: prompt }], stream: isStreamed },
    }),
    modelOf,
  },
  {
    name: 'openai-responses',
    call: (prompt, { model, isStreamed }) => ({
      path: '/v1/responses',
      body: { model, input: prompt, stream: isStreamed },
    }),
    modelOf,
  },
  {
    name: 'anthropic-messages',
    call: (prompt, { model, isStreamed }) => ({
      path: '/v1/messages',
      body: { model, max_tokens: 500, messages: [{ role: 'user', content: prompt }], stream: isStreamed },
    }),
    modelOf,
  },
  {
    name: 'gemini-generate',
    call: (prompt, { model, isStreamed }) => ({
      path: `/v1beta/models/${model}:${isStreamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body: { contents: [{ parts: [{ text: prompt }] }] },
    }),
    modelOf: (answer) => (answer as { modelVersion: unknown }).modelVersion,
  },
];
