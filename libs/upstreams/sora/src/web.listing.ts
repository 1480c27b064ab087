import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import { readDraft, type WebDraft } from './web.draft.js';
import { callWeb, type WebAccount } from './web.request.js';

const DRAFTS_PER_PAGE = 15;
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** All that the account has under way: a bare list. */
export async function listPending(context: WebAccount): Promise<JsonObject[]> {
  const answer = await readJson(await callWeb({ path: '/nf/pending/v2' }, context), {
    maximumBytes: MAXIMUM_ANSWER_BYTES,
  });
  return objects(answer, 'what is pending');
}

export interface DraftPage {
  drafts: WebDraft[];
  isLast: boolean;
  /** How far the site's clock is ahead of ours, where its answer says the time. */
  clockLeadMs: number | undefined;
}

/** What is done, newest first, page by page. A cursor that comes again leads round in a circle, and ends it. */
export async function* listDrafts(context: WebAccount): AsyncGenerator<DraftPage, void, undefined> {
  const asked = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(DRAFTS_PER_PAGE), ...(cursor !== undefined && { cursor }) });
    const response = await callWeb({ path: `/project_y/profile/drafts/v2?${query.toString()}` }, context);
    const atMs = Date.parse(response.headers['date'] ?? '');
    const answer = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
    const { items, cursor: next } = isJsonObject(answer) ? answer : {};
    const drafts = objects(items, 'drafts').flatMap((item) => readDraft(item) ?? []);
    cursor = typeof next === 'string' && next !== '' && !asked.has(next) ? next : undefined;
    if (cursor !== undefined) asked.add(cursor);
    yield {
      drafts,
      isLast: cursor === undefined,
      clockLeadMs: Number.isFinite(atMs) ? atMs - context.clock.now() : undefined,
    };
  } while (cursor !== undefined);
}

/** A whole look was wanted: an entry that cannot be read may be the one. */
export function objects(value: Json | undefined, what: string): JsonObject[] {
  if (Array.isArray(value) && value.every((item) => isJsonObject(item)))
    return value.filter((item) => isJsonObject(item));
  throw new GatewayError('upstream_bad_answer', `The upstream answered with something that is no list of ${what}.`, {
    saw: 'unknown',
  });
}
