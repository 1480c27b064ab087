import { isJsonObject } from '@sluice/contracts/json-object';

/**
 * What `encrypted_content` holds of ours: an issuer's proof of its reasoning, or reasoning that it sealed, unread, and
 * the text itself for clients that send nothing else back. It is no secret: the client has been shown the text.
 */
export interface SealedReasoning {
  text?: string;
  signature?: string;
  redacted?: string;
}

const MARK = 'sluice.1.';

export function sealReasoning(sealed: SealedReasoning): string {
  return MARK + Buffer.from(JSON.stringify(sealed)).toString('base64url');
}

/** Undefined for what another issuer has sealed: nobody here could use it. */
export function openReasoning(content: string): SealedReasoning | undefined {
  if (!content.startsWith(MARK)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(content.slice(MARK.length), 'base64url').toString('utf8'));
    return isJsonObject(value) ? textsOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function textsOf({ text, signature, redacted }: Record<string, unknown>): SealedReasoning {
  return {
    ...(typeof text === 'string' && { text }),
    ...(typeof signature === 'string' && { signature }),
    ...(typeof redacted === 'string' && { redacted }),
  };
}
