import { openaiManifest } from '@sluice/manifests/openai';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { chat } from './openai.chat.js';
import { openaiCredentialSchema, type OpenaiCredential } from './openai.credential.js';
import { embed } from './openai.embed.js';
import { models } from './openai.models.js';

/** Any vendor that speaks OpenAI's chat and embedding protocols. */
export const openai: Upstream<OpenaiCredential> = {
  manifest: openaiManifest,
  credential: openaiCredentialSchema,
  chat,
  embed,
  models,
};
