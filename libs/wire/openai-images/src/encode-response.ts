import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { ResultFile, StoredMedia } from '@sluice/contracts/stored-media';
import type { PictureMember } from './decode-request.js';
import { encodeLook } from './encode-look.js';
import { encodeUsage } from './encode-usage.js';
import { type ImageFacts, readFacts } from './image-facts.js';
import { Base64Of, type FillableObject, jsonPieces, type Piece } from './json-pieces.js';

export type Image = DurableGeneration<'image'>;

export interface PictureTelling {
  member: PictureMember;
  /** Where whoever is told may fetch it. */
  link(media: StoredMedia): string;
}

/** The answer to a call that made pictures. Fewer than asked are told as such, and never made more. */
export function encodeImages(image: Image, telling: PictureTelling): Piece[] {
  const { request } = image.input;
  const facts = readFacts(image.facts);
  const files = picturesOf(image);
  const missing = missingOf(image);
  return jsonPieces({
    created: createdOf(image, facts),
    data: files.map((file, index) => ({
      ...encodePicture(file.media, telling),
      revised_prompt: facts.revisedPrompts?.[index] ?? undefined,
    })),
    ...encodeLook(request, facts, files[0]?.media.mediaType),
    usage: facts.usage && encodeUsage(facts.usage),
    ...(missing > 0 && { missing_images: missing }),
  });
}

/** The member that holds a picture. */
export function encodePicture(media: StoredMedia, { member, link }: PictureTelling): FillableObject {
  return { [member]: member === 'url' ? link(media) : new Base64Of(media) };
}

export function picturesOf({ files }: Image): ResultFile[] {
  return files.filter(({ role }) => role === 'result');
}

/** How many were asked for and not made. */
export function missingOf(image: Image): number {
  return Math.max(0, (image.input.request.count ?? 1) - picturesOf(image).length);
}

/** Seconds. */
export function createdOf({ finishedAtMs, createdAtMs }: Image, { created }: ImageFacts): number {
  return Math.floor(created ?? (finishedAtMs ?? createdAtMs) / 1000);
}
