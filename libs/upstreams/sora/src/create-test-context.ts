import { systemClock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';

type Overrides = Partial<UpstreamContext<ApiCredential>> & { http: HttpPort };

/** A context for tests of this adapter. */
export function createTestContext(overrides: Overrides): UpstreamContext<ApiCredential> {
  return {
    credential: { apiKey: 'sk-sealed' },
    credentialId: 'credential-1',
    kind: 'videos-api',
    baseUrl: 'http://upstream.test/v1',
    model: 'sora-2',
    isStreamed: true,
    generationId: 'gen_0000000000000123456789abcdef01234567',
    readMedia: async function* () {},
    clock: systemClock,
    signal: new AbortController().signal,
    ...overrides,
  };
}
