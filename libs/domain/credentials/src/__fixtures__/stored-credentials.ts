import type { StoredCredential } from '../stored-credential.js';

let count = 0;

/** A valid credential row; what matters to a test is given. */
export function aStoredCredential(fields: Partial<StoredCredential> = {}): StoredCredential {
  count += 1;
  const at = new Date(Date.UTC(2026, 0, 1));
  return {
    id: `cred_${count}`,
    upstream: 'openai',
    kind: 'api-key',
    label: `credential ${count}`,
    identity: `identity ${count}`,
    secret: new Uint8Array(),
    baseUrl: null,
    models: null,
    limits: {},
    weight: 1,
    tags: [],
    enabled: true,
    allowPrivateNetwork: false,
    demo: false,
    state: 'ready',
    reason: null,
    nextTryAt: null,
    notes: null,
    settings: {},
    counters: {},
    createdAt: at,
    updatedAt: at,
    ...fields,
  };
}
