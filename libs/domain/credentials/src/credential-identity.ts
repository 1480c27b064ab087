import { createHmac } from 'node:crypto';

export interface IdentityParts {
  upstream: string;
  kind: string;
  effectiveBaseUrl: string;
  secretJson: string;
}

/** Equal for equal credentials, and a keyed hash: it tells nobody who reads the table what the secret is. */
export function credentialIdentity(key: Buffer, parts: IdentityParts): string {
  const text = JSON.stringify([parts.upstream, parts.kind, parts.effectiveBaseUrl, parts.secretJson]);
  return createHmac('sha256', key).update(text).digest('hex');
}

/** What the key above is derived for. */
export const IDENTITY_PURPOSE = 'credential identity';
