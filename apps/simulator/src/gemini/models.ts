import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Handler } from '../vendor.js';
import { familyOf, requireModel } from './model-family.js';
import { invalidArgument } from './refuse.js';

const MODEL_IDS = [
  'sim-gemini-3.5-flash',
  'sim-gemini-3.1-pro',
  'sim-gemini-2.5-flash',
  'sim-gemini-2.0-flash',
  'sim-gemini-embedding',
];
const DEFAULT_PAGE_SIZE = 50;
const MOST_PAGE_SIZE = 1000;

/** GET …/models, paged */
export const handleListModels: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const query = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams;
  const pageSize = Math.min(Number(query.get('pageSize') ?? DEFAULT_PAGE_SIZE), MOST_PAGE_SIZE);
  const start = Number(query.get('pageToken') ?? 0);
  if (!Number.isInteger(pageSize) || pageSize < 1 || !Number.isInteger(start)) throw invalidArgument('Invalid page.');
  const end = start + pageSize;
  const page = {
    models: MODEL_IDS.slice(start, end).map(toModel),
    ...(end < MODEL_IDS.length && { nextPageToken: String(end) }),
  };
  await sendBody(exchange, JSON.stringify(page), fault);
};

/** GET …/models/{model} */
export const handleGetModel: Handler = async (exchange, context) => {
  const model = exchange.parameters[0] ?? '';
  const { answered, fault } = await admit(exchange, context, { model, prompt: '' });
  if (answered) return;
  requireModel(model, 'get');
  await sendBody(exchange, JSON.stringify(toModel(model)), fault);
};

function toModel(id: string): Record<string, unknown> {
  const { version, thinks, embeds } = familyOf(id);
  return {
    name: `models/${id}`,
    version: String(version),
    displayName: `Simulated ${id}`,
    description: 'Answered by the simulator.',
    inputTokenLimit: embeds ? 8_192 : 1_048_576,
    outputTokenLimit: embeds ? 1 : 65_536,
    supportedGenerationMethods: embeds
      ? ['embedContent', 'countTokens']
      : ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    ...(!embeds && { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2, thinking: thinks }),
  };
}
