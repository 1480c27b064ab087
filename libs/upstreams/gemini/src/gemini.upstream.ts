import { geminiManifest } from '@sluice/manifests/gemini';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { chat } from './gemini.chat.js';
import { geminiCredentialSchema, type GeminiCredential } from './gemini.credential.js';
import { embed } from './gemini.embed.js';
import { files } from './gemini.files.js';
import { image } from './gemini.image.js';
import { models } from './gemini.models.js';
import { speak } from './gemini.speech.js';
import { transcribe } from './gemini.transcription.js';
import { video } from './veo-video.js';

/** Google's Gemini API, by keys of AI Studio or of Vertex AI in express mode. */
export const gemini: Upstream<GeminiCredential> = {
  manifest: geminiManifest,
  credential: geminiCredentialSchema,
  chat,
  embed,
  speak,
  transcribe,
  jobs: { image, video },
  models,
  files,
};
