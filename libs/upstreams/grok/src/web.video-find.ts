import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { OperationStep, SubmitIntent } from '@sluice/upstream-kit/job';
import type { AccountContext, UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { listAssets } from './web.asset-list.js';
import { assetUrl } from './web.assets.js';

type Context = AccountContext<WebCredential>;

/** What was used last comes first: a video of now is on the first pages. */
const MOST_PAGES = 4;
/** While a stream lives it tells the progress; the list only tells what became of one that was lost. */
const POLL_AFTER_MS = 15_000;

/** One listing for all of the account's. What is not in it yet is as it was. */
export async function pollVideos(operations: readonly Operation[], context: Context): Promise<OperationStep[]> {
  const wanted = new Set(operations.map(idOf));
  const found = await search(context, (asset) => [...wanted].find((id) => names(asset, id)));
  return operations.map((operation) => {
    const asset = found.get(idOf(operation));
    const path = asset && pathOf(asset);
    if (path === undefined) return { type: 'running', operation, pollAfterMs: POLL_AFTER_MS };
    return {
      type: 'done',
      operation,
      files: [{ url: assetUrl(path, context), role: 'result', needsCredential: true }],
    };
  });
}

/** The one that names the post which was made for it. Without a post nothing was submitted; whether one was is not known here. */
export async function findVideo(
  { prepared, owned }: SubmitIntent<VideoRequest>,
  context: UpstreamContext<WebCredential>,
): Promise<Operation | undefined> {
  const postId = prepared?.['postId'];
  if (typeof postId !== 'string') return undefined;
  const found = await search(context, (asset) => (names(asset, postId) ? postId : undefined));
  if (found.has(postId) && !owned.has(postId)) return { id: postId };
  // The list tells of videos that are done: what it does not tell of may be being made.
  throw new GatewayError('outcome_unknown', 'No video of this post is among the assets of the account yet.', {
    saw: 'unknown',
  });
}

async function search(
  context: Context,
  match: (asset: JsonObject) => string | undefined,
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  let pages = 0;
  try {
    for await (const assets of listAssets(context)) {
      for (const asset of assets) {
        const id = isVideo(asset) ? match(asset) : undefined;
        if (id !== undefined && !found.has(id)) found.set(id, asset);
      }
      pages += 1;
      if (pages >= MOST_PAGES) break;
    }
  } catch (thrown) {
    if (found.size === 0) throw toGatewayError(thrown);
  }
  return found;
}

/** Under which of its many names an asset tells the video, or its post, has changed: any text of it counts. */
function names(asset: JsonObject, id: string): boolean {
  return Object.values(asset).some((value) => typeof value === 'string' && value.includes(id));
}

function isVideo(asset: JsonObject): boolean {
  const { mimeType, key, mediaType } = asset;
  return [mimeType, key, mediaType].some((value) => typeof value === 'string' && /video|\.mp4/i.test(value));
}

function pathOf({ key, fileUri, url }: JsonObject): string | undefined {
  return [key, fileUri, url].find((value): value is string => typeof value === 'string' && value !== '');
}

function idOf({ id, videoId }: Operation): string {
  if (typeof videoId === 'string' && videoId !== '') return videoId;
  return typeof id === 'string' ? id : '';
}
