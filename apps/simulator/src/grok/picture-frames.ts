import { samplePng } from '../videos/sample-png.js';
import type { FrameSource } from './chat-frames.js';
import type { GrokSite } from './grok-site.js';

const A_CALL = 2;
const FORBIDDEN = /\bforbidden\b/i;

/** Pictures by a chat, two a call: each begins as a shadow, and lies in the account when it is whole. */
export function* pictureFrames(source: FrameSource & { site: GrokSite; key: string }): Generator<string> {
  const { responseId, conversationId, prompt, model, site, key } = source;
  const response = (more: Record<string, unknown>): string =>
    JSON.stringify({ result: { response: { responseId, isThinking: false, isSoftStop: false, ...more } } });
  yield JSON.stringify({ result: { conversation: { conversationId, title: '', temporary: true } } });
  yield response({ userResponse: { responseId, message: prompt, sender: 'human', model } });
  const moderated = FORBIDDEN.test(prompt);
  const urls: string[] = [];
  for (let imageIndex = 0; imageIndex < A_CALL; imageIndex += 1) {
    const imageId = site.nextId('image');
    const imageUrl = `users/${site.account(key).userId}/generated/${imageId}/image.png`;
    const told = { imageId, imageUrl, seq: 0, imageIndex, moderated };
    yield response({ streamingImageGenerationResponse: { ...told, progress: 50, isFinal: false } });
    yield response({ modelResponse: { responseId, message: '', generatedImageUrls: ['/'] } });
    if (!moderated) {
      site.keep(key, { mimeType: 'image/png', key: imageUrl, bytes: samplePng, sourcePostId: undefined });
      urls.push(imageUrl);
    }
    yield response({ streamingImageGenerationResponse: { ...told, seq: 1, progress: 100, isFinal: true } });
  }
  yield response({ token: '', isSoftStop: true });
  yield response({
    modelResponse: { responseId, message: 'I made these.', generatedImageUrls: urls, streamErrors: [], model },
  });
}
