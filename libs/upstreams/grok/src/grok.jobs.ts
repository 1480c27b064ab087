import type { Job } from '@sluice/upstream-kit/job';
import { asKeyHolder, type GrokCredential } from './grok.credential.js';
import { xaiImage } from './xai.image.js';
import { xaiVideo } from './xai.video.js';

export const image: Job<'image', GrokCredential> = {
  isAttended: true,
  start: (request, context) => xaiImage.start(request, asKeyHolder(context)),
};

export const video: Job<'video', GrokCredential> = {
  start: (request, context) => xaiVideo.start(request, asKeyHolder(context)),
  poll: async (operations, context) => (await xaiVideo.poll?.(operations, asKeyHolder(context))) ?? [],
};
