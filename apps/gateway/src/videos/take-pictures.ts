import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { VideoReference } from '@sluice/contracts/video';
import type { MediaIntake, TakenMedia } from '@sluice/domain-assets/media-intake';
import type { PictureWish } from '@sluice/wire-openai-videos/decode-pictures';
import type { OwnedFiles } from '../files/owned-files.js';

export interface TakenPictures {
  references: VideoReference[];
  /** What stands for each picture where calls are compared: not where it lies, but what it is. */
  digests: string[];
  /** Copies that are ours to remove when nothing comes of the call. */
  copies: StoredMedia[];
}

export interface PictureSources {
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  /** Whose files can be named. */
  ownerKeyId: string;
  signal: AbortSignal;
}

/** Makes every picture that was wished for a file of ours, one after the other; when one fails, none is kept. */
export async function takePictures(wishes: readonly PictureWish[], options: PictureSources): Promise<TakenPictures> {
  const taken: TakenPictures = { references: [], digests: [], copies: [] };
  try {
    for (const wish of wishes) {
      const { media, sha256 } = await take(wish, options);
      if (wish.from.type !== 'upload') taken.copies.push(media);
      taken.references.push({ role: wish.role, media });
      // Links that are signed anew for every call lead to the same picture.
      taken.digests.push(`${wish.role} ${sha256}`);
    }
    return taken;
  } catch (error) {
    await options.intake.discard(taken.copies);
    throw error;
  }
}

async function take({ field, from }: PictureWish, sources: PictureSources): Promise<TakenMedia> {
  if (from.type === 'upload') return from.file;
  const { intake, files, ownerKeyId, signal } = sources;
  const name = from.type === 'url' ? from.url : from.fileId;
  const found = files.isName(name) ? await files.open(name, ownerKeyId) : undefined;
  // A copy: what the client does with its file is nothing to the video.
  if (found) return intake.take({ field, accept: 'image', body: found.body });
  if (from.type === 'url') return intake.takeUrl({ url: from.url, field, accept: 'image', signal });
  throw new GatewayError('not_found', `No file with the id '${from.fileId}'.`, { param: field });
}
