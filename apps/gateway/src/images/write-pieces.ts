import type { ServerResponse } from 'node:http';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Piece } from '@sluice/wire-openai-images/json-pieces';
import { writeOut } from '../generations/write-out.js';

/** Writes text and, in their places, files as Base64: as fast as the client reads, one buffer at a time. */
export async function writePieces(
  response: ServerResponse,
  pieces: readonly Piece[],
  store: Pick<MediaStore, 'get'>,
): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (typeof piece === 'string') await writeOut(response, piece);
    else await writeBase64(response, piece.media, store);
  }
}

async function writeBase64(
  response: ServerResponse,
  media: StoredMedia,
  store: Pick<MediaStore, 'get'>,
): Promise<void> {
  const found = await store.get(media.key);
  if (!found) throw new Error(`The file ${media.key} is not there any more.`);
  // Three bytes are four letters: what is left of a buffer waits for the next one.
  let rest = Buffer.alloc(0);
  for await (const chunk of found.body) {
    const bytes =
      rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const whole = bytes.length - (bytes.length % 3);
    if (whole > 0) await writeOut(response, bytes.toString('base64', 0, whole));
    // A copy: the store may fill its buffer anew.
    rest = Buffer.from(bytes.subarray(whole));
    if (response.destroyed) return;
  }
  if (rest.length > 0) await writeOut(response, rest.toString('base64'));
}
