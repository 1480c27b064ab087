import { systemClock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';

type Overrides = Partial<UpstreamContext<GeminiCredential>> & { http: HttpPort };

/** A context for tests of this adapter. */
export function createTestContext(overrides: Overrides): UpstreamContext<GeminiCredential> {
  return {
    credential: { apiKey: 'key-sealed' },
    credentialId: 'credential-1',
    kind: 'api-key',
    baseUrl: 'http://upstream.test',
    model: 'gemini-3.5-flash',
    isStreamed: true,
    generationId: 'gen_0000000000000123456789abcdef01234567',
    readMedia: async function* () {},
    clock: systemClock,
    signal: new AbortController().signal,
    ...overrides,
  };
}
