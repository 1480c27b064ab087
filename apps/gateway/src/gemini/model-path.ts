import { GatewayError } from '@sluice/contracts/gateway-error';

/** What a path under `/v1beta/models/` names. */
export interface ModelPath {
  model: string;
  /** `generateContent`; absent where the model itself is meant. */
  method?: string;
}

const PREFIX = /^\/v1beta\/(?:models\/)+/;

/** Ids may contain slashes and colons, be percent-encoded, and bring a `models/` of their own. */
export function readModelPath(url: string): ModelPath {
  const [path = ''] = url.split('?');
  const rest = decode(path.replace(PREFIX, '')).replace(/^(?:models\/)+/, '');
  const colon = rest.lastIndexOf(':');
  const method = rest.slice(colon + 1);
  // A model's own colon, as in `llama3:8b`, is followed by no method.
  if (colon === -1 || !/^[a-z][A-Za-z]+$/.test(method)) return { model: rest };
  return { model: rest.slice(0, colon), method };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GatewayError('not_found', 'The path is not encoded as URLs are.');
  }
}
