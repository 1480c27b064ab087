import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { callJson } from './sora.request.js';
import { readPage, type SoraVideo } from './sora.schema.js';

const PAGE_SIZE = 100;

export interface Listed {
  videos: SoraVideo[];
  /** The vendor itself says that there are no more. */
  isLast: boolean;
  /** How far the vendor's clock is ahead of ours, where its answer says the time. */
  clockLeadMs?: number;
}

/** Pages of an account's videos, newest first. A vendor that pages in circles is read once around. */
export async function* listPages(context: AccountContext<ApiCredential>): AsyncGenerator<Listed, void, undefined> {
  const seen = new Set<string>();
  const asked = new Set<string>();
  let after: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE_SIZE),
      order: 'desc',
      ...(after !== undefined && { after }),
    });
    const { json, response } = await callJson({ method: 'GET', path: `/videos?${query.toString()}` }, context);
    const page = readPage(json);
    const fresh = page.videos.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    const atMs = Date.parse(response.headers['date'] ?? '');
    yield {
      videos: fresh,
      isLast: page.isLast,
      ...(Number.isFinite(atMs) && { clockLeadMs: atMs - context.clock.now() }),
    };
    const isCircle = page.videos.length > 0 && fresh.length === 0;
    after = isCircle || page.after === undefined || asked.has(page.after) ? undefined : page.after;
    if (after !== undefined) asked.add(after);
  } while (after !== undefined);
}
