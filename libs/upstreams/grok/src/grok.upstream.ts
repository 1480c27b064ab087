import { grokManifest } from '@sluice/manifests/grok';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { chat } from './grok.chat.js';
import { asKeyHolder, grokCredentialSchema, type GrokCredential } from './grok.credential.js';
import { image, video } from './grok.jobs.js';
import { xaiModels } from './xai.models.js';
import { xaiProbe } from './xai.probe.js';

/** Grok by xAI's official API, and by its website. */
export const grok: Upstream<GrokCredential> = {
  manifest: grokManifest,
  credential: grokCredentialSchema,
  chat,
  jobs: { image, video },
  models: (context) => xaiModels(asKeyHolder(context)),
  probe: (context) => xaiProbe(asKeyHolder(context)),
};
