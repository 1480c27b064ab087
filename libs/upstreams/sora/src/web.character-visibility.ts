import { callWeb, type WebAccount } from './web.request.js';

/** Can be said any number of times. */
export async function setVisibility(cameoId: string, isPublic: boolean, context: WebAccount): Promise<void> {
  const path = `/project_y/cameos/by_id/${encodeURIComponent(cameoId)}/update_v2`;
  (await callWeb({ path, body: { visibility: isPublic ? 'public' : 'private' } }, context)).discard();
}
