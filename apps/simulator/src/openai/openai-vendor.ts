import type { Vendor } from '../vendor.js';
import { handleChatCompletions } from './chat-completions.js';
import { handleEmbeddings } from './embeddings.js';
import { handleImageEdits, handleImages } from './images.js';
import { handleListModels, handleRetrieveModel } from './models.js';
import { handleModerations } from './moderations.js';
import { renderOpenaiFailure } from './render-openai-failure.js';
import { handleSpeech } from './speech.js';
import { handleTranscription } from './transcriptions.js';

export const openaiVendor: Vendor = {
  name: 'openai',
  prefix: '/v1',
  routes: [
    { method: 'POST', path: '/v1/chat/completions', handle: handleChatCompletions },
    { method: 'POST', path: '/v1/embeddings', handle: handleEmbeddings },
    { method: 'POST', path: '/v1/moderations', handle: handleModerations },
    { method: 'POST', path: '/v1/audio/speech', handle: handleSpeech },
    { method: 'POST', path: '/v1/audio/transcriptions', handle: handleTranscription },
    { method: 'POST', path: '/v1/audio/translations', handle: handleTranscription },
    { method: 'POST', path: '/v1/images/generations', handle: handleImages },
    { method: 'POST', path: '/v1/images/edits', handle: handleImageEdits },
    { method: 'GET', path: '/v1/models', handle: handleListModels },
    { method: 'GET', path: '/v1/models/:model', handle: handleRetrieveModel },
  ],
  keyOf: ({ authorization }) =>
    authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() || undefined : undefined,
  renderFailure: renderOpenaiFailure,
};
