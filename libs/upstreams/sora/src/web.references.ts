import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { VideoReference } from '@sluice/contracts/video';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { asUnpaid } from './web.error.js';
import { removeAt } from './web.remove-at.js';
import { callWebJson, type WebAccount } from './web.request.js';
import { uploadAsset } from './web.upload.js';

const REMOVAL_TIMEOUT_MS = 10_000;

/**
 * Makes references of the account of pictures, for one video: they are removed when it has ended. They cost nothing, and kept ones
 * would have to be known by picture and account, die with either, and leave a client's pictures where nobody looks after them.
 * `made` grows as they are made, so that whoever fails knows what there is to remove.
 */
export async function makeReferences(
  pictures: readonly VideoReference[],
  { made, context }: { made: string[]; context: UpstreamContext<WebCredential> },
): Promise<void> {
  for (const [index, { media, note }] of pictures.entries()) {
    const pointer = await uploadAsset(media, context);
    const name = note?.name ?? `Reference ${index + 1}`;
    const body = {
      name,
      display_name: name,
      description: note?.description ?? '',
      type: note?.type ?? 'other',
      asset_pointers: [pointer],
    };
    const answer = await callWebJson({ path: '/project_y/references/create', body }, context).catch(
      (thrown: unknown) => {
        throw asUnpaid(thrown);
      },
    );
    const info = isJsonObject(answer) ? answer['reference_info'] : undefined;
    const id = isJsonObject(info) ? (info['reference_id'] ?? info['id']) : undefined;
    if (typeof id !== 'string' || id === '')
      throw new GatewayError('upstream_bad_answer', 'The upstream made a reference without an id.', { saw: 'refused' });
    made.push(id);
  }
}

/** Answers those that could not be removed: no video is lost for them. */
export async function removeReferences(ids: readonly string[], context: WebAccount): Promise<string[]> {
  if (ids.length === 0) return [];
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(REMOVAL_TIMEOUT_MS)]);
  const remove = (id: string) =>
    removeAt(`/project_y/references/${encodeURIComponent(id)}`, { ...context, signal }).then(
      () => [],
      () => [id],
    );
  return (await Promise.all(ids.map(remove))).flat();
}
