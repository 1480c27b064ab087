import type { HttpPort } from '@sluice/contracts/http-port';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { createTestContext } from './create-test-context.js';
import type { WebCredential } from './sora.credential.js';

type Overrides = Partial<UpstreamContext<WebCredential>> & { http: HttpPort };

/** A context for tests of the website's part. */
export function createSessionContext({ http, ...overrides }: Overrides): UpstreamContext<WebCredential> {
  return {
    ...createTestContext({ http }),
    credential: { accessToken: 'sealed-token' },
    kind: 'session',
    baseUrl: 'http://site.test/sora',
    ...overrides,
  };
}
