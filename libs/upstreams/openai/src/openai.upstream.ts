import { openaiManifest } from '@sluice/manifests/openai';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { sessionEndMs } from './degpt.session.js';
import { chat } from './openai.chat.js';
import { openaiCredentialSchema, type OpenaiCredential } from './openai.credential.js';
import { embed } from './openai.embed.js';
import { image } from './openai.image.js';
import { models } from './openai.models.js';
import { moderate } from './openai.moderation.js';
import { refresh } from './openai.session.js';
import { speak } from './openai.speech.js';
import { transcribe } from './openai.transcription.js';

/** Any vendor that speaks OpenAI's protocols, and DeGPT, which speaks something like its chat. */
export const openai: Upstream<OpenaiCredential> = {
  manifest: openaiManifest,
  credential: openaiCredentialSchema,
  chat,
  embed,
  speak,
  transcribe,
  moderate,
  jobs: { image },
  models,
  refresh,
  expiresAtMs: sessionEndMs,
};
