import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { readOperation } from './sora.operation.js';
import { callJson, pathOf, type SoraCall } from './sora.request.js';

type Context = AccountContext<ApiCredential>;

const ABSENT = new Set([404, 405, 501]);

/**
 * The protocol has no word for it: some vendors added one, others let go of what is deleted. Where neither helps the video goes on,
 * and the failure says so.
 */
export async function cancel(operation: Operation, context: Context): Promise<void> {
  const path = pathOf(readOperation(operation).id);
  if (await isTaken({ method: 'POST', path: `${path}/cancel` }, context)) return;
  if (await isTaken({ method: 'DELETE', path }, context)) return;
  throw new GatewayError('unsupported', 'The upstream cannot cancel this video: it goes on there.', { saw: 'refused' });
}

/** False where the vendor has no such call, or not in the video's state. */
async function isTaken(call: SoraCall, context: Context): Promise<boolean> {
  try {
    await callJson(call, context);
    return true;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const { upstreamStatus = 0 } = error.data;
    // Whatever is said with a success, the call was taken.
    if (error.code === 'upstream_bad_answer') return true;
    if (ABSENT.has(upstreamStatus) || upstreamStatus === 400 || upstreamStatus === 409) return false;
    throw error;
  }
}
