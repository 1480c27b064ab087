import { imageFormatSchema, mediaProgressSchema, videoFormatSchema } from '@sluice/domain-settings/media-chat';
import { chatCompletionSchema } from '@sluice/wire-openai-chat/schema';
import { z } from 'zod';
import { imageWishSchema } from '../media-chat/read-image-wish.js';
import { videoWishSchema } from '../media-chat/read-video-wish.js';

const tellingSchema = z.object({
  media_progress: mediaProgressSchema.nullish(),
  media_format: z.union([videoFormatSchema, imageFormatSchema]).nullish(),
});

/** A conversation, and what is said beside it to a model that makes videos or pictures. */
export const chatBodySchema = z.object({
  ...videoWishSchema.shape,
  ...imageWishSchema.shape,
  ...tellingSchema.shape,
  ...chatCompletionSchema.shape,
});
