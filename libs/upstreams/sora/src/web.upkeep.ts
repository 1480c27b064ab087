import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { AssetsCleared } from '@sluice/upstream-kit/upstream';
import { listDrafts } from './web.listing.js';
import { removeAt } from './web.remove-at.js';
import type { WebAccount } from './web.request.js';

const AT_ONCE = 8;

export async function countDrafts(context: WebAccount): Promise<number> {
  let count = 0;
  for await (const { drafts } of listDrafts(context)) count += drafts.length;
  return count;
}

/** All are listed first: what is deleted moves the pages. */
export async function* clearDrafts(context: WebAccount): AsyncGenerator<AssetsCleared, void, undefined> {
  const ids: string[] = [];
  for await (const { drafts } of listDrafts(context)) for (const { id } of drafts) ids.push(id);
  let deleted = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const results = await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => remove(id, context)));
    deleted += results.filter(Boolean).length;
    yield { deleted, failed: start + results.length - deleted };
  }
}

/** What goes wrong leaves the others. */
async function remove(id: string, context: WebAccount): Promise<boolean> {
  try {
    await removeAt(`/project_y/profile/drafts/${encodeURIComponent(id)}`, context);
    return true;
  } catch (thrown) {
    const { code } = toGatewayError(thrown);
    if (context.signal.aborted || code === 'upstream_auth' || code === 'challenge_required') throw thrown;
    return false;
  }
}
