/** Where secrets are sealed before they are stored; `context` names whose they are. */
export interface SecretVault {
  seal(content: string, context: string): Uint8Array;
  unseal(sealed: Uint8Array, context: string): string;
}

export function webhookSealContext(endpointId: string): string {
  return `webhook ${endpointId}`;
}
