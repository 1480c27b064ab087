import { readJson } from '@sluice/upstream-kit/read-json';
import type { ModelInfo } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { decodeModelList } from '@sluice/wire-openai-models/decode-response';
import { degptModels } from './degpt.models.js';
import { asDegpt, type OpenaiCredential } from './openai.credential.js';
import { get } from './openai.request.js';

export async function models(context: AccountContext<OpenaiCredential>): Promise<ModelInfo[]> {
  const visitor = asDegpt(context.credential);
  if (visitor !== undefined) return degptModels(visitor, context);
  return decodeModelList(await readJson(await get('/models', context)));
}
