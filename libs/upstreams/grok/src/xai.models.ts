import type { ModelInfo } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { decodeModelList } from '@sluice/wire-openai-models/decode-response';
import type { XaiCredential } from './grok.credential.js';
import { getJson } from './xai.request.js';

export async function xaiModels(context: AccountContext<XaiCredential>): Promise<ModelInfo[]> {
  return decodeModelList(await getJson('/models', context));
}
