import { geminiManifest } from '@sluice/manifests/gemini';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { chat } from './gemini.chat.js';
import { geminiCredentialSchema, type GeminiCredential } from './gemini.credential.js';
import { embed } from './gemini.embed.js';
import { models } from './gemini.models.js';

/** Google's Gemini API, by keys of AI Studio or of Vertex AI in express mode. */
export const gemini: Upstream<GeminiCredential> = {
  manifest: geminiManifest,
  credential: geminiCredentialSchema,
  chat,
  embed,
  models,
};
