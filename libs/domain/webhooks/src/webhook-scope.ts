/** Who asks: an owner sees what is its own, another's is as unknown as none. An operator sees all. */
export type WebhookScope = { type: 'owner'; keyId: string } | { type: 'operator' };

/** As the statements take it. */
export function ownerOf(scope: WebhookScope): string | null {
  return scope.type === 'owner' ? scope.keyId : null;
}
