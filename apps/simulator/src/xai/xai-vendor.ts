import { openaiVendor } from '../openai/openai-vendor.js';
import type { Vendor } from '../vendor.js';
import { renderXaiFailure, xaiHead } from './render-xai-failure.js';
import { handleXaiChat } from './xai-chat.js';
import { handleXaiImages } from './xai-images.js';
import { handleApiKey, handleXaiModels } from './xai-key.js';
import { handleXaiResponses } from './xai-responses.js';
import { handleVideoFile } from './xai-video-file.js';
import { handleCreateVideo, handleDerivedVideo, handleVideo } from './xai-videos.js';

/** xAI's official API. */
export const xaiVendor: Vendor = {
  name: 'xai',
  prefix: '/xai',
  routes: [
    { method: 'POST', path: '/xai/v1/chat/completions', handle: handleXaiChat },
    { method: 'POST', path: '/xai/v1/responses', handle: handleXaiResponses },
    { method: 'POST', path: '/xai/v1/images/generations', handle: handleXaiImages('generations') },
    { method: 'POST', path: '/xai/v1/images/edits', handle: handleXaiImages('edits') },
    { method: 'POST', path: '/xai/v1/videos/generations', handle: handleCreateVideo },
    { method: 'POST', path: '/xai/v1/videos/edits', handle: handleDerivedVideo('edit') },
    { method: 'POST', path: '/xai/v1/videos/extensions', handle: handleDerivedVideo('extension') },
    { method: 'GET', path: '/xai/v1/videos/:video', handle: handleVideo },
    { method: 'GET', path: '/xai/v1/models', handle: handleXaiModels },
    { method: 'GET', path: '/xai/v1/api-key', handle: handleApiKey },
    { method: 'GET', path: '/xai/files/:video', handle: handleVideoFile },
  ],
  // Finished files lie open, under addresses that nobody guesses.
  keyOf: (headers) => openaiVendor.keyOf(headers) ?? (headers.authorization === undefined ? '' : undefined),
  renderFailure: renderXaiFailure,
  headOf: xaiHead,
};
