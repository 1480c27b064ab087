import { GatewayError } from '@sluice/contracts/gateway-error';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { ModelInfo } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { get } from './gemini.request.js';

const PAGE_SIZE = 1_000;
/** A list without an end is no list. */
const MOST_PAGES = 20;

const modelSchema = z.object({
  name: z.string().min(1),
  /** Vertex tells none. */
  supportedGenerationMethods: z.array(z.string()).nullish(),
});

const pageSchema = z.object({
  models: z.array(modelSchema).default([]),
  /** Vertex's word for them. */
  publisherModels: z.array(modelSchema).default([]),
  nextPageToken: z.string().nullish(),
});

/** The models that can be asked by a call of ours. */
export async function models(context: AccountContext<GeminiCredential>): Promise<ModelInfo[]> {
  const found: ModelInfo[] = [];
  let token = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const json = await readJson(await get(`/models?pageSize=${PAGE_SIZE}${query}`, context));
    const failure = readToldFailure(json, context.clock.now());
    if (failure !== undefined) throw failure;
    const parsed = pageSchema.safeParse(json);
    if (!parsed.success) throw badAnswer();
    const { models: own, publisherModels } = parsed.data;
    for (const { name, supportedGenerationMethods: methods } of [...own, ...publisherModels])
      if (methods == null || methods.some((method) => SERVED.has(method)))
        found.push({ id: name.replace(/^(?:publishers\/google\/)?models\//, ''), ownedBy: 'google' });
    token = parsed.data.nextPageToken ?? '';
    if (token === '') return found;
  }
  return found;
}

const SERVED = new Set(['generateContent', 'embedContent', 'predict', 'predictLongRunning']);

function badAnswer(): GatewayError {
  return new GatewayError('upstream_bad_answer', 'The upstream sent something that is no list of models.', {
    saw: 'unknown',
  });
}
