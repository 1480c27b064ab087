import { soraManifest } from '@sluice/manifests/sora';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { soraCredentialSchema, type SoraCredential } from './sora.credential.js';
import { probe } from './sora.probe.js';
import { video } from './sora.video.js';

/** Any vendor that speaks the videos protocol of OpenAI's Sora, in one of its many spellings. */
export const sora: Upstream<SoraCredential> = {
  manifest: soraManifest,
  credential: soraCredentialSchema,
  jobs: { video },
  probe,
};
