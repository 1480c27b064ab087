import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { AssetsCleared } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { deleteAsset, listAssets } from './web.asset-list.js';

type Context = AccountContext<WebCredential>;

const AT_ONCE = 8;

export async function countAssets(context: Context): Promise<number> {
  let count = 0;
  for await (const page of listAssets(context)) count += page.length;
  return count;
}

/** All are listed first: what is deleted moves the pages. */
export async function* clearAssets(context: Context): AsyncGenerator<AssetsCleared, void, undefined> {
  const ids: string[] = [];
  for await (const page of listAssets(context))
    for (const { assetId } of page) if (typeof assetId === 'string') ids.push(assetId);
  let deleted = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const results = await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => remove(id, context)));
    deleted += results.filter(Boolean).length;
    yield { deleted, failed: start + results.length - deleted };
  }
}

/** What is gone already has been deleted; what else goes wrong leaves the others. */
async function remove(id: string, context: Context): Promise<boolean> {
  try {
    await deleteAsset(id, context);
    return true;
  } catch (thrown) {
    const { code, data } = toGatewayError(thrown);
    if (context.signal.aborted || code === 'upstream_auth' || code === 'challenge_required') throw thrown;
    return data.upstreamStatus === 404;
  }
}
