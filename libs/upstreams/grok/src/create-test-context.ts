import { systemClock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { XaiCredential } from './grok.credential.js';

type Overrides = Partial<UpstreamContext<XaiCredential>> & { http: HttpPort };

/** A context for tests of this adapter. */
export function createTestContext(overrides: Overrides): UpstreamContext<XaiCredential> {
  return {
    credential: { apiKey: 'xai-sealed' },
    credentialId: 'credential-1',
    kind: 'api-key',
    baseUrl: 'http://upstream.test/v1',
    model: 'grok-4.5',
    isStreamed: true,
    generationId: 'gen_0000000000000123456789abcdef01234567',
    readMedia: async function* () {
      yield Buffer.from('picture');
    },
    clock: systemClock,
    signal: new AbortController().signal,
    ...overrides,
  };
}
