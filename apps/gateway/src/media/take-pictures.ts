import { GatewayError } from '@sluice/contracts/gateway-error';
import type { NamedMedia } from '@sluice/contracts/named-media';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaClass } from '@sluice/domain-assets/media-class';
import type { MediaIntake, TakenMedia } from '@sluice/domain-assets/media-intake';
import type { FastifyRequest } from 'fastify';
import type { OwnedFiles } from '../files/owned-files.js';

/** A picture that a client names. */
export interface NamedPicture {
  /** As the client wrote it: `images[1]`. */
  field: string;
  from: NamedMedia;
  /** What it has to be; absent: a picture. */
  accept?: MediaClass;
}

export interface TakenPictures {
  /** In the order in which they were named. */
  pictures: readonly TakenMedia[];
  /** Those that are ours to remove when nothing comes of the call. */
  copies: readonly StoredMedia[];
}

export interface PictureSources {
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  /** Whose files can be named. */
  ownerKeyId: string;
  signal: AbortSignal;
}

/** Makes every picture that was named a file of ours, one after the other; when one fails, none is kept. */
export async function takePictures(named: readonly NamedPicture[], sources: PictureSources): Promise<TakenPictures> {
  const pictures: TakenMedia[] = [];
  const copies: StoredMedia[] = [];
  try {
    for (const picture of named) {
      const taken = await take(picture, sources);
      if (picture.from.type !== 'upload') copies.push(taken.media);
      pictures.push(taken);
    }
    return { pictures, copies };
  } catch (error) {
    await sources.intake.discard(copies);
    throw error;
  }
}

/** Runs `work` with a signal that ends what it fetches when the client hangs up. */
export async function whileConnected<Result>(
  { raw }: FastifyRequest,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const leave = () => abort.abort();
  raw.socket.once('close', leave);
  try {
    return await work(abort.signal);
  } finally {
    raw.socket.off('close', leave);
  }
}

async function take({ field, from, accept = 'image' }: NamedPicture, sources: PictureSources): Promise<TakenMedia> {
  if (from.type === 'upload') return from.file;
  const { intake, files, ownerKeyId, signal } = sources;
  const name = from.type === 'url' ? from.url : from.fileId;
  const found = files.isName(name) ? await files.open(name, ownerKeyId) : undefined;
  // A copy: what the client does with its file is nothing to what is made of it.
  if (found) return intake.take({ field, accept, body: found.body });
  if (from.type === 'url') return intake.takeUrl({ url: from.url, field, accept, signal });
  throw new GatewayError('not_found', `No file with the id '${from.fileId}'.`, { param: field });
}
