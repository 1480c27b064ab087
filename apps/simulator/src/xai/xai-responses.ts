import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { renderedError } from '../faults/preempt.js';
import { sendEvents } from '../faults/send-events.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { countWords, splitWords } from '../openai/words.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';

const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);
const requestSchema = z.looseObject({
  model: z.string().min(1),
  stream: z.literal(true),
  input: z.union([
    z.string(),
    z.array(z.looseObject({ role: z.string().optional(), content: contentSchema.optional() })),
  ]),
  tools: z.array(z.looseObject({ type: z.string() })).default([]),
  background: z.undefined().optional(),
  metadata: z.undefined().optional(),
});

const SERVER_TOOLS: ReadonlySet<string> = new Set(['web_search', 'x_search', 'code_interpreter', 'function']);
const SOURCE = { url: 'https://example.com/found', title: 'Found' };

/** POST /v1/responses, as streams alone: what the server's own tools are asked by. */
export const handleXaiResponses: Handler = async (exchange, context) => {
  const { value: request } = await readJsonBody(exchange, requestSchema);
  const prompt = lastText(request.input);
  const { answered, fault } = await admit(exchange, context, { model: request.model, prompt });
  if (answered) return;
  const unknown = request.tools.find(({ type }) => !SERVER_TOOLS.has(type));
  if (unknown !== undefined)
    throw new SimulatedFailure('invalid-request', { status: 422, message: `Unknown tool type: ${unknown.type}` });
  const searched = request.tools.some(({ type }) => type.endsWith('_search'));
  const text = `${searched ? 'Searched' : 'Answered'}: ${prompt}`;
  const events = eventsOf({ id: `resp_sim${exchange.record.sequence}`, model: request.model, text, searched });
  await sendEvents(exchange, { events, errorEvent: () => renderedError(fault ?? {}, context.vendor) }, fault);
};

interface Plan {
  id: string;
  model: string;
  text: string;
  searched: boolean;
}

function* eventsOf({ id, model, text, searched }: Plan): Generator<string> {
  let number = 0;
  const event = (type: string, rest: Record<string, unknown>): string =>
    JSON.stringify({ type, sequence_number: number++, ...rest });
  const response = { id, object: 'response', model, status: 'in_progress', output: [] };
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  yield event('response.created', { response });
  if (searched)
    yield event('response.output_item.added', { output_index: 0, item: { type: 'web_search_call', id: 'ws_1' } });
  for (const delta of splitWords(text)) yield event('response.output_text.delta', { ...place, delta });
  const annotation = { type: 'url_citation', ...SOURCE, start_index: 0, end_index: text.length };
  if (searched) yield event('response.output_text.annotation.added', { ...place, annotation_index: 0, annotation });
  yield event('response.completed', { response: { ...response, status: 'completed', usage: usageOf(text, searched) } });
}

function usageOf(text: string, searched: boolean) {
  const words = countWords(text);
  return {
    input_tokens: words,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: words,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2 * words,
    num_sources_used: searched ? 1 : 0,
  };
}

function lastText(input: z.infer<typeof requestSchema>['input']): string {
  if (typeof input === 'string') return input;
  const content = input.findLast(({ role }) => role === 'user')?.content ?? '';
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
}
