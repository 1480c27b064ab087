import { systemClock } from '@sluice/contracts/clock';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { OpenaiCredential } from './openai.credential.js';

type Overrides = Partial<UpstreamContext<OpenaiCredential>> & { http: HttpPort };

/** A context for tests of this adapter. */
export function createTestContext(overrides: Overrides): UpstreamContext<OpenaiCredential> {
  return {
    credential: { apiKey: 'sk-sealed' },
    credentialId: 'credential-1',
    kind: 'api-key',
    baseUrl: 'http://upstream.test/v1',
    model: 'gpt-x',
    isStreamed: true,
    generationId: 'gen_0000000000000123456789abcdef01234567',
    readMedia: async function* () {},
    clock: systemClock,
    signal: new AbortController().signal,
    ...overrides,
  };
}
