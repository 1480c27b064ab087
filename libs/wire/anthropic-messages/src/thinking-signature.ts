/**
 * Stands where an upstream's reasoning has no signature: clients drop thinking that has none, while some upstreams
 * demand it back. No issuer ever sees it.
 */
const UNSIGNED = 'sluice-unsigned';

export function toWireSignature(signature: string | undefined): string {
  return signature ?? UNSIGNED;
}

export function fromWireSignature(signature: string | null | undefined): string | undefined {
  return signature == null || signature === '' || signature === UNSIGNED ? undefined : signature;
}
