import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Handler } from '../vendor.js';
import { familyOf, requireModel, type ModelFamily } from './model-family.js';
import { invalidArgument } from './refuse.js';

const MODEL_IDS = [
  'sim-gemini-3.5-flash',
  'sim-gemini-3.1-pro',
  'sim-gemini-2.5-flash',
  'sim-gemini-2.0-flash',
  'sim-gemini-embedding',
  'sim-gemini-3-pro-image',
  'sim-gemini-2.5-flash-tts',
  'sim-imagen-4',
  'sim-veo',
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
  const ids = MODEL_IDS.slice(start, end);
  const page = {
    ...(isVertex(exchange.path) ? { publisherModels: ids.map(toPublisherModel) } : { models: ids.map(toModel) }),
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

/** Express mode lists the same models in words of its own. */
function isVertex(path: string): boolean {
  return path.includes('/publishers/google/');
}

function toPublisherModel(id: string): Record<string, unknown> {
  return { name: `publishers/google/models/${id}`, versionId: 'default', launchStage: 'GA' };
}

function toModel(id: string): Record<string, unknown> {
  const { version, thinks, embeds, films, paints } = familyOf(id);
  return {
    name: `models/${id}`,
    version: String(version),
    displayName: `Simulated ${id}`,
    description: 'Answered by the simulator.',
    inputTokenLimit: embeds ? 8_192 : 1_048_576,
    outputTokenLimit: embeds ? 1 : 65_536,
    supportedGenerationMethods: methodsOf(familyOf(id)),
    ...(!embeds &&
      !films &&
      paints !== 'prediction' && { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2, thinking: thinks }),
  };
}

function methodsOf({ embeds, films, paints }: ModelFamily): string[] {
  if (films) return ['predictLongRunning'];
  if (paints === 'prediction') return ['predict'];
  if (embeds) return ['embedContent', 'countTokens'];
  return ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'];
}
