import type { Vendor } from '../vendor.js';
import { handleAssets, handleDeleteAsset, handleDownload, handleUpload } from './assets.js';
import { handleConversation } from './conversation.js';
import { handlePost, handleUpscale } from './media-post.js';
import { handleRateLimits } from './rate-limits.js';
import { grokHead, renderGrokFailure } from './render-grok-failure.js';

/** The website's private protocol, as its own pages speak it. */
export const grokVendor: Vendor = {
  name: 'grok-web',
  prefix: '/grok',
  routes: [
    { method: 'POST', path: '/grok/rest/app-chat/conversations/new', handle: handleConversation },
    { method: 'POST', path: '/grok/rest/app-chat/upload-file', handle: handleUpload },
    { method: 'POST', path: '/grok/rest/rate-limits', handle: handleRateLimits },
    { method: 'POST', path: '/grok/rest/media/post/create', handle: handlePost },
    { method: 'POST', path: '/grok/rest/media/video/upscale', handle: handleUpscale },
    { method: 'GET', path: '/grok/rest/assets', handle: handleAssets },
    { method: 'DELETE', path: '/grok/rest/assets-metadata/:asset', handle: handleDeleteAsset },
    { method: 'GET', path: '/grok/users/:user/:folder/:file', handle: handleDownload },
    { method: 'GET', path: '/grok/users/:user/generated/:id/:file', handle: handleDownload },
  ],
  keyOf: ({ cookie }) => /(?:^|;\s*)sso=([^;]+)/.exec(cookie ?? '')?.[1],
  renderFailure: renderGrokFailure,
  headOf: grokHead,
};
