import { GatewayError } from '@sluice/contracts/gateway-error';
import { grokManifest } from '@sluice/manifests/grok';
import { GROK_WEB_MODELS } from '@sluice/manifests/grok-models';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { chat } from './grok.chat.js';
import { asKeyHolder, asSession, grokCredentialSchema, type GrokCredential } from './grok.credential.js';
import { image, video } from './grok.jobs.js';
import { clearAssets, countAssets } from './web.upkeep.js';
import { webProbe } from './web.quota.js';
import { xaiModels } from './xai.models.js';
import { xaiProbe } from './xai.probe.js';

/** Grok by xAI's official API, and by its website. */
export const grok: Upstream<GrokCredential> = {
  manifest: grokManifest,
  credential: grokCredentialSchema,
  chat,
  jobs: { image, video },
  async models(context) {
    return asSession(context) ? GROK_WEB_MODELS.map(({ id }) => ({ id })) : xaiModels(asKeyHolder(context));
  },
  assets: {
    count: (context) => countAssets(inAccount(context)),
    clear: (context) => clearAssets(inAccount(context)),
  },
  probe(context) {
    const session = asSession(context);
    return session ? webProbe(session) : xaiProbe(asKeyHolder(context));
  },
};

function inAccount(context: AccountContext<GrokCredential>) {
  const session = asSession(context);
  if (session) return session;
  throw new GatewayError('unsupported', 'A key of the official API keeps no files in an account.');
}
