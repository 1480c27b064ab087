import { toGatewayError } from '@sluice/contracts/gateway-error';
import { callWeb, type WebAccount } from './web.request.js';

/** What is gone already has been removed. */
export async function removeAt(path: string, context: WebAccount): Promise<void> {
  try {
    (await callWeb({ method: 'DELETE', path }, context)).discard();
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus !== 404) throw thrown;
  }
}
