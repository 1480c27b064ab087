import { openaiVendor } from '../openai/openai-vendor.js';
import type { Vendor } from '../vendor.js';
import { handleCharacter, handleCharacterCreate } from './characters.js';
import { handleCancel, handleDelete, handleList, handleRetrieve } from './known-videos.js';
import { handleCreate, handleDerived, handleRemix } from './submit-video.js';
import { handleContent } from './video-content.js';

/** Anyone who speaks OpenAI's videos protocol. */
export const videosVendor: Vendor = {
  name: 'videos',
  prefix: '/v1/videos',
  routes: [
    { method: 'POST', path: '/v1/videos', handle: handleCreate },
    { method: 'GET', path: '/v1/videos', handle: handleList },
    { method: 'POST', path: '/v1/videos/edits', handle: handleDerived('edit') },
    { method: 'POST', path: '/v1/videos/extensions', handle: handleDerived('extension') },
    { method: 'POST', path: '/v1/videos/characters', handle: handleCharacterCreate },
    { method: 'GET', path: '/v1/videos/characters/:character', handle: handleCharacter },
    { method: 'GET', path: '/v1/videos/:video', handle: handleRetrieve },
    { method: 'DELETE', path: '/v1/videos/:video', handle: handleDelete },
    { method: 'POST', path: '/v1/videos/:video/remix', handle: handleRemix },
    { method: 'POST', path: '/v1/videos/:video/cancel', handle: handleCancel },
    { method: 'GET', path: '/v1/videos/:video/content', handle: handleContent },
  ],
  keyOf: openaiVendor.keyOf,
  renderFailure: openaiVendor.renderFailure,
};
