import type { JsonObject } from '@sluice/contracts/json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { assetUrl } from './web.assets.js';

const MODEL = 'imagine-image-edit';

/** A chat that edits what lies in the account. */
export function editBody(options: {
  prompt: string;
  uris: readonly string[];
  context: UpstreamContext<WebCredential>;
}): JsonObject {
  const { prompt, uris, context } = options;
  const imageReferences = uris.map((uri) => assetUrl(uri, context));
  return {
    temporary: true,
    modelName: MODEL,
    message: `Image Edit: ${prompt}`,
    enableImageGeneration: true,
    enableImageStreaming: true,
    imageGenerationCount: 2,
    toolOverrides: { imageGen: true },
    enableSideBySide: true,
    sendFinalMetadata: true,
    responseMetadata: {
      modelConfigOverride: { modelMap: { imageEditModel: 'imagine', imageEditModelConfig: { imageReferences } } },
      requestModelDetails: { modelId: MODEL },
    },
  };
}
