import type { SimulatedFailure } from '../simulated-failure.js';
import type { Vendor } from '../vendor.js';
import { handleCharacterDraft, handleCharacterUpload } from './begin-cameo.js';
import * as characters from './characters.js';
import { handleCreate, handleExtension, handleImage } from './create.js';
import { handleFile, handleFileUpload, handleUpload } from './files.js';
import { handleDraft, handleDrafts, handleGeneration, handlePending, handleRecentTasks } from './lists.js';
import * as lookUps from './look-ups.js';
import { handleDelete, handleEnhance, handlePost } from './posts.js';
import { handleReferenceChange, handleReferenceCreate, handleReferenceDelete, handleReferences } from './references.js';
import { handleSentinel } from './proof.js';
import { handleSession, handleTokenExchange } from './sign-in.js';
import { accountOfSession, readAccessToken } from './tokens.js';

const B = '/sora/backend';

/** The historic website's private protocol. What were four hosts lies below one path. */
export const soraVendor: Vendor = {
  name: 'sora-web',
  prefix: '/sora',
  routes: [
    { method: 'GET', path: '/sora/api/auth/session', handle: handleSession },
    { method: 'POST', path: '/sora/oauth/token', handle: handleTokenExchange },
    { method: 'POST', path: '/sora/backend-api/sentinel/req', handle: handleSentinel },
    { method: 'GET', path: '/sora/az/files/:file', handle: handleFile },
    { method: 'GET', path: `${B}/me`, handle: lookUps.handleMe },
    { method: 'GET', path: `${B}/project_y/v2/me`, handle: lookUps.handleProfile },
    { method: 'GET', path: `${B}/billing/subscriptions`, handle: lookUps.handleSubscriptions },
    { method: 'GET', path: `${B}/project_y/invite/mine`, handle: lookUps.handleInvite },
    { method: 'GET', path: `${B}/m/bootstrap`, handle: lookUps.handleBootstrap },
    { method: 'GET', path: `${B}/nf/check`, handle: lookUps.handleCheck },
    { method: 'POST', path: `${B}/project_y/profile/username/check`, handle: lookUps.handleNameCheck },
    { method: 'POST', path: `${B}/project_y/profile/username/set`, handle: lookUps.handleNameSet },
    { method: 'POST', path: `${B}/uploads`, handle: handleUpload },
    { method: 'POST', path: `${B}/project_y/file/upload`, handle: handleFileUpload },
    { method: 'POST', path: `${B}/project_y/references/create`, handle: handleReferenceCreate },
    { method: 'GET', path: `${B}/project_y/references/mine`, handle: handleReferences },
    { method: 'PUT', path: `${B}/project_y/references/:id`, handle: handleReferenceChange },
    { method: 'DELETE', path: `${B}/project_y/references/:id`, handle: handleReferenceDelete },
    { method: 'GET', path: '/sora/az/cameos/:cameo', handle: characters.handleCameoPicture },
    { method: 'POST', path: `${B}/characters/upload`, handle: handleCharacterUpload },
    { method: 'POST', path: `${B}/characters/from-generation`, handle: handleCharacterDraft },
    { method: 'POST', path: `${B}/characters/finalize`, handle: characters.handleFinalize },
    { method: 'GET', path: `${B}/project_y/cameos/in_progress/:cameo`, handle: characters.handleCameo },
    { method: 'POST', path: `${B}/project_y/cameos/by_id/:cameo/update_v2`, handle: characters.handleVisibility },
    { method: 'DELETE', path: `${B}/project_y/characters/:character`, handle: characters.handleCharacterDelete },
    { method: 'GET', path: `${B}/project_y/profile/search_mentions`, handle: characters.handleMentions },
    { method: 'POST', path: `${B}/nf/create`, handle: handleCreate('create') },
    { method: 'POST', path: `${B}/nf/create/storyboard`, handle: handleCreate('storyboard') },
    { method: 'POST', path: `${B}/project_y/profile/drafts/:gen/long_video_extension`, handle: handleExtension },
    { method: 'POST', path: `${B}/video_gen`, handle: handleImage },
    { method: 'POST', path: `${B}/editor/enhance_prompt`, handle: handleEnhance },
    { method: 'GET', path: `${B}/nf/pending/v2`, handle: handlePending },
    { method: 'GET', path: `${B}/nf/pending`, handle: handlePending },
    { method: 'GET', path: `${B}/project_y/profile/drafts/v2`, handle: handleDrafts },
    { method: 'GET', path: `${B}/project_y/profile/drafts`, handle: handleDrafts },
    { method: 'GET', path: `${B}/project_y/profile/drafts/v2/:gen`, handle: handleDraft },
    { method: 'DELETE', path: `${B}/project_y/profile/drafts/:gen`, handle: handleDelete },
    { method: 'GET', path: `${B}/v2/recent_tasks`, handle: handleRecentTasks },
    { method: 'GET', path: `${B}/generations/:gen/download`, handle: handleGeneration },
    { method: 'POST', path: `${B}/project_y/post`, handle: handlePost },
    { method: 'DELETE', path: `${B}/project_y/post/:post`, handle: handleDelete },
  ],
  // The account's name: its tokens come and go.
  keyOf({ authorization, cookie }) {
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const account = bearer === undefined ? accountOfSession(cookie ?? '') : readAccessToken(bearer)?.account;
    return account ?? bearer ?? 'nobody';
  },
  renderFailure({ kind, detail }: SimulatedFailure) {
    const { message, parameter = null, quota } = detail;
    const code = CODES[kind] ?? detail.code ?? null;
    const balance = {
      credit_remaining: 0,
      rate_limit_reached: true,
      access_resets_in_seconds: Math.ceil((quota?.waitMs ?? 0) / 1_000),
    };
    const error = { message, type: detail.type ?? code ?? 'server_error', param: parameter, code };
    return JSON.stringify({ error: quota ? { ...error, rate_limit_and_credit_balance: balance } : error });
  },
};

const CODES: Readonly<Record<string, string>> = {
  'revoked-key': 'token_invalidated',
  'expired-key': 'token_expired',
};
