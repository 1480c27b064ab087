import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { callWeb, callWebJson } from './web.request.js';

type Context = AccountContext<WebCredential>;

const PAGE_SIZE = 50;

/** What lies in the account, what was used last first, a page at a time. */
export async function* listAssets(context: Context): AsyncGenerator<JsonObject[], void, undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const query = `pageSize=${PAGE_SIZE}&orderBy=ORDER_BY_LAST_USE_TIME&source=SOURCE_ANY&isLatest=true${page}`;
    const answer = await callWebJson({ method: 'GET', path: `/rest/assets?${query}`, page: '/files' }, context);
    const { assets, nextPageToken } = isJsonObject(answer) ? answer : {};
    yield Array.isArray(assets) ? assets.filter((asset) => isJsonObject(asset)) : [];
    token = typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined;
    // A token that comes again leads round in a circle.
    if (token !== undefined && seen.has(token)) return;
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

export async function deleteAsset(assetId: string, context: Context): Promise<void> {
  const path = `/rest/assets-metadata/${encodeURIComponent(assetId)}`;
  (await callWeb({ method: 'DELETE', path, page: '/files' }, context)).discard();
}
