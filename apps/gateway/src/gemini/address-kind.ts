import type { DecodedCall, DialectEndpoint } from '../generations/dialect-endpoint.js';

const VERTEX_EXPRESS = /^\/+vertex-express\//;

/** The kind of credentials that an address stands for, as it was called. */
export function kindOfAddress(originalUrl: string): string | undefined {
  return VERTEX_EXPRESS.test(originalUrl) ? 'vertex-express' : undefined;
}

/** The endpoint, served by credentials of that kind only. */
export function heldToKind(endpoint: DialectEndpoint, kind: string | undefined): DialectEndpoint {
  if (kind === undefined) return endpoint;
  const held = (call: DecodedCall): DecodedCall => ({ ...call, credentialKind: kind });
  return (body, context) => {
    const call = endpoint(body, context);
    return call instanceof Promise ? call.then(held) : held(call);
  };
}
