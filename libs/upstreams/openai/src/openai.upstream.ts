import { openaiManifest } from '@sluice/manifests/openai';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { openaiCredentialSchema, type OpenaiCredential } from './openai.credential.js';

/** Any vendor that speaks OpenAI's chat and embedding protocols. */
export const openai: Upstream<OpenaiCredential> = {
  manifest: openaiManifest,
  credential: openaiCredentialSchema,
};
