import { monotonicMicros } from '../measure/monotonic-clock.js';
import { chunkText } from './bench-model.js';

const usage = '{"prompt_tokens":12,"completion_tokens":20,"total_tokens":32}';

/** The one plain answer, OpenAI-shaped. */
export function plainAnswer(model: string): Buffer {
  return Buffer.from(
    `{"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"${model}",` +
      '"choices":[{"index":0,"message":{"role":"assistant","content":"' +
      'A gateway should add as little as it can to what it carries.' +
      `","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":${usage}}`,
  );
}

export function roleChunk(model: string): string {
  return event(model, '[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]');
}

export function textChunk(model: string, sequence: number): string {
  const text = chunkText(sequence, monotonicMicros());
  return event(model, `[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]`);
}

export function streamEnd(model: string, includesUsage: 'usage' | 'no-usage'): string {
  const finish = event(model, '[{"index":0,"delta":{},"finish_reason":"stop"}]');
  const counted = includesUsage === 'usage' ? event(model, '[]', `,"usage":${usage}`) : '';
  return `${finish}${counted}data: [DONE]\n\n`;
}

function event(model: string, choices: string, rest = ''): string {
  return (
    'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,' +
    `"model":"${model}","choices":${choices}${rest}}\n\n`
  );
}
