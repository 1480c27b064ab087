import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { CredentialHealth } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { callJson } from './sora.request.js';

/** The shortest list of videos: it costs nothing, and wants the key. */
export async function probe(context: AccountContext<ApiCredential>): Promise<CredentialHealth> {
  try {
    await callJson({ method: 'GET', path: '/videos?limit=1' }, context);
    return { isUsable: true };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === 'upstream_auth' || error.code === 'upstream_forbidden')
      return { isUsable: false, reason: error.message };
    const { upstreamStatus = 0 } = error.data;
    const hasNoList = [400, 404, 405, 501].includes(upstreamStatus) && error.data.saw === 'refused';
    if (hasNoList) return { isUsable: true, reason: 'It lists no videos, so it cannot be tried without making one.' };
    throw error;
  }
}
