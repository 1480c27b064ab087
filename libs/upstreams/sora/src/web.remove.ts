import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import { readDraft, type WebDraft } from './web.draft.js';
import { listPending } from './web.listing.js';
import { readOperation, type WebOperation } from './web.operation.js';
import { findDrafts } from './web.poll.js';
import { removeReferences } from './web.references.js';
import { removeAt } from './web.remove-at.js';
import { callWebJson, type WebAccount } from './web.request.js';

/** All that a video left with its account: the draft, the post that a remix of it made, what was made for it alone. */
export async function removeVideo(operation: Operation, context: WebAccount): Promise<void> {
  const known = readOperation(operation);
  await removeReferences(known.references ?? [], context);
  const draft = await draftOf(known, context);
  if (draft === undefined) return;
  // A post goes first: without its draft nobody would find it.
  if (draft.postId !== undefined) await removeAt(`/project_y/post/${encodeURIComponent(draft.postId)}`, context);
  await removeAt(draftPath(draft.id), context);
}

/** What ended here before it was done there lies among the drafts all the same. */
async function draftOf(known: WebOperation, context: WebAccount): Promise<WebDraft | undefined> {
  const { id, generationId } = known;
  if (generationId === undefined) {
    const draft = (await findDrafts([known], context)).get(id);
    if (draft === undefined && (await listPending(context)).some((task) => task['id'] === id)) throw notMade();
    return draft;
  }
  try {
    return readDraft(await callWebJson({ path: draftPath(generationId, 'v2') }, context));
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus === 404) return undefined;
    throw thrown;
  }
}

function draftPath(id: string, version?: 'v2'): string {
  const path = ['/project_y/profile/drafts', version, encodeURIComponent(id)];
  return path.filter((part) => part !== undefined).join('/');
}

/** What was given up here goes on there, and becomes a draft in the end. */
function notMade(): GatewayError {
  const message = 'The upstream is still at work on it: its draft will lie in the account.';
  return new GatewayError('not_ready', message, { saw: 'refused' });
}
