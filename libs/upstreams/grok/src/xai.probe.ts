import { toGatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { CredentialHealth } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { XaiCredential } from './grok.credential.js';
import { getJson } from './xai.request.js';

/** What the vendor says of the key itself: it costs nothing. */
export async function xaiProbe(context: AccountContext<XaiCredential>): Promise<CredentialHealth> {
  try {
    const key = await getJson('/api-key', context);
    const flags = isJsonObject(key) ? key : {};
    const fault = FAULTS.find(([name]) => flags[name] === true);
    return fault === undefined ? { isUsable: true } : { isUsable: false, reason: fault[1] };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (!['upstream_auth', 'upstream_forbidden', 'upstream_quota_exhausted'].includes(error.code)) throw error;
    return { isUsable: false, reason: error.message };
  }
}

const FAULTS: readonly (readonly [string, string])[] = [
  ['api_key_blocked', 'The key is blocked.'],
  ['api_key_disabled', 'The key is switched off.'],
  ['team_blocked', 'The team of the key is blocked.'],
];
