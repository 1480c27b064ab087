import { renderOpenaiFailure } from '../openai/render-openai-failure.js';
import type { Vendor } from '../vendor.js';
import { handleDegptChat } from './degpt-chat.js';
import { handleConfig, handleSignIn } from './sign-in.js';
import { visitorOf } from './session-token.js';

/** Who has not signed in. */
const stranger = 'stranger';

/** The web page's own API, with the quirks of the vendors behind it. */
export const degptVendor: Vendor = {
  name: 'degpt',
  prefix: '/degpt/api',
  routes: [
    { method: 'POST', path: '/degpt/api/v1/auths/printSignIn', handle: handleSignIn },
    { method: 'POST', path: '/degpt/api/v1/chat/completion/proxy', handle: handleDegptChat },
    { method: 'GET', path: '/degpt/api/config', handle: handleConfig },
  ],
  // The visitor's id, so that a test can put its state by it.
  keyOf: ({ authorization = '' }) => visitorOf(authorization.replace(/^Bearer /, '')) ?? stranger,
  renderFailure: renderOpenaiFailure,
};
