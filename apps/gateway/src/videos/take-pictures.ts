import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { VideoReference } from '@sluice/contracts/video';
import type { MediaIntake, TakenMedia } from '@sluice/domain-assets/media-intake';
import type { PictureWish } from '@sluice/wire-openai-videos/decode-pictures';

export interface TakenPictures {
  references: VideoReference[];
  /** What stands for each picture where calls are compared: not where it lies, but what it is. */
  digests: string[];
  /** Copies that are ours to remove when nothing comes of the call. */
  copies: StoredMedia[];
}

/** Makes every picture that was wished for a file of ours, one after the other; when one fails, none is kept. */
export async function takePictures(
  wishes: readonly PictureWish[],
  options: { intake: MediaIntake; signal: AbortSignal },
): Promise<TakenPictures> {
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

async function take(
  { field, from }: PictureWish,
  { intake, signal }: { intake: MediaIntake; signal: AbortSignal },
): Promise<TakenMedia> {
  if (from.type === 'upload') return from.file;
  if (from.type === 'url') return intake.takeUrl({ url: from.url, field, accept: 'image', signal });
  throw new GatewayError('not_found', `No file with the id '${from.fileId}'.`, { param: field });
}
