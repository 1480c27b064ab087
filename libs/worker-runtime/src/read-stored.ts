import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';

/** A file of ours, as an adapter reads it. */
export async function* readStored(store: MediaStore, { key, filename }: StoredMedia): AsyncGenerator<Uint8Array> {
  const found = await store.get(key);
  if (!found) throw new GatewayError('not_found', `The file ${filename ?? key} is not there any more.`);
  yield* found.body;
}
