import { grokManifest } from '@sluice/manifests/grok';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { grokCredentialSchema, type GrokCredential } from './grok.credential.js';
import { xaiChat } from './xai.chat.js';
import { xaiImage } from './xai.image.js';
import { xaiModels } from './xai.models.js';
import { xaiProbe } from './xai.probe.js';
import { xaiVideo } from './xai.video.js';

/** Grok by xAI's official API. */
export const grok: Upstream<GrokCredential> = {
  manifest: grokManifest,
  credential: grokCredentialSchema,
  chat: xaiChat,
  jobs: { image: xaiImage, video: xaiVideo },
  models: xaiModels,
  probe: xaiProbe,
};
