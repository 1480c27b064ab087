import { SimulatedFailure } from '../simulated-failure.js';
import type { Route } from '../http/router.js';
import type { Exchange } from '../http/exchange.js';
import type { Handler, HandlerContext, Vendor } from '../vendor.js';
import { countTokens } from './count-tokens.js';
import { batchEmbedContents, embedContent } from './embed-content.js';
import { handleDeleteFile, handleGetFile, handleListFiles } from './files.js';
import { generateContent, streamGenerateContent } from './generate-content.js';
import type { ModelCall } from './model-call.js';
import { predict } from './predict.js';
import { handleGetModel, handleListModels } from './models.js';
import { headOfGeminiFailure, renderGeminiFailure } from './render-gemini-failure.js';
import { handleUpload } from './upload-file.js';
import { handleStore } from './veo-download.js';
import { handleGetOperation } from './veo-operations.js';
import { predictLongRunning } from './veo-predict.js';

const METHODS: ReadonlyMap<string, (exchange: Exchange, call: ModelCall) => Promise<void>> = new Map([
  ['generateContent', generateContent],
  ['streamGenerateContent', streamGenerateContent],
  ['countTokens', countTokens],
  ['embedContent', embedContent],
  ['batchEmbedContents', batchEmbedContents],
  ['predict', predict],
  ['predictLongRunning', predictLongRunning],
]);

/** The key in the header alone: one in an address ends up in logs. */
export const geminiVendor: Vendor = {
  name: 'gemini',
  prefix: '/gemini',
  routes: [
    ...routesUnder('/gemini/v1beta'),
    ...routesUnder('/gemini/v1beta1/publishers/google'),
    { method: 'GET', path: '/gemini/v1beta/models/:model/operations/:operation', handle: handleGetOperation },
    { method: 'POST', path: '/gemini/upload/v1beta/files', handle: handleUpload },
    { method: 'GET', path: '/gemini/v1beta/files', handle: handleListFiles },
    { method: 'GET', path: '/gemini/v1beta/files/:file', handle: handleGetFile },
    { method: 'DELETE', path: '/gemini/v1beta/files/:file', handle: handleDeleteFile },
    { method: 'GET', path: '/gemini/download/v1beta/files/:file', handle: handleStore },
  ],
  keyOf: (headers) => {
    const key = headers['x-goog-api-key'];
    return (Array.isArray(key) ? key[0] : key) || undefined;
  },
  renderFailure: renderGeminiFailure,
  headOf: headOfGeminiFailure,
};

function routesUnder(base: string): Route<Handler>[] {
  return [
    { method: 'GET', path: `${base}/models`, handle: handleListModels },
    { method: 'GET', path: `${base}/models/:model`, handle: handleGetModel },
    { method: 'POST', path: `${base}/models/:call`, handle: handleMethod },
  ];
}

/** `{model}:{method}` */
function handleMethod(exchange: Exchange, context: HandlerContext): Promise<void> {
  const call = exchange.parameters[0] ?? '';
  const colon = call.lastIndexOf(':');
  const method = METHODS.get(call.slice(colon + 1));
  if (colon < 1 || method === undefined)
    throw new SimulatedFailure('unknown-path', { status: 404, message: `Method not found: ${call}` });
  return method(exchange, { ...context, model: call.slice(0, colon) });
}
