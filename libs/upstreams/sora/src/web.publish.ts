import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoSource } from '@sluice/contracts/video';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readDraft } from './web.draft.js';
import { asUnpaid, unsupported } from './web.error.js';
import { readOperation } from './web.operation.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { callWebJson, type WebAccount } from './web.request.js';
import { callProtected } from './web.sentinel.js';

/** The draft that a video of ours became. */
export function draftOf({ operation, relation }: VideoSource): string {
  const generationId = operation && readOperation(operation).generationId;
  if (generationId !== undefined) return generationId;
  throw unsupported('video', `The website knows no draft of this video, so there is no ${relation} of it.`);
}

/** Only what is posted can be remixed: the post there is, or else a new one. Nothing is paid for it. */
export async function publish(draftId: string, context: WebAccount, proofOfWork: ProofOfWork): Promise<string> {
  const unpaid = (thrown: unknown): never => {
    throw asUnpaid(thrown);
  };
  const path = `/project_y/profile/drafts/v2/${encodeURIComponent(draftId)}`;
  const posted = readDraft(await callWebJson({ path }, context).catch(unpaid))?.postId;
  if (posted !== undefined) return posted;
  const body = { attachments_to_create: [{ generation_id: draftId, kind: 'sora' }], post_text: '' };
  const answer = await callProtected({ path: '/project_y/post', body }, context, proofOfWork).catch(unpaid);
  const post = isJsonObject(answer) ? answer['post'] : undefined;
  const id = isJsonObject(post) ? post['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream published a video without an id.', { saw: 'refused' });
}
