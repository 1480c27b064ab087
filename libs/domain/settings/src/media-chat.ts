import { z } from 'zod';

/** Where it is told how a video or picture gets on: as reasoning, as text, as text marked as thoughts, or nowhere. */
export const mediaProgressSchema = z.enum(['reasoning', 'content', 'think', 'none']);
export type MediaProgress = z.infer<typeof mediaProgressSchema>;

/** How a film is told: an element in a block of code, the bare element, a link, or its address alone. */
export const videoFormatSchema = z.enum(['html', 'html-plain', 'markdown', 'url']);
export type VideoFormat = z.infer<typeof videoFormatSchema>;

/** How a picture is told: by its address, alone or as Markdown, or whole in it. */
export const imageFormatSchema = z.enum(['markdown', 'url', 'b64']);
export type ImageFormat = z.infer<typeof imageFormatSchema>;

/** Some old clients wait for capitals. */
export const stopWordSchema = z.enum(['stop', 'STOP']);
