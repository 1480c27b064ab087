import type { HttpPort } from '@sluice/contracts/http-port';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';

const ASKED =
  '{"token":"gAAAAABtoken","turnstile":{"dx":"dx"},"proofofwork":{"required":true,"seed":"0.1","difficulty":"ff"}}';

/** For tests: proofs of work are asked for apart, so that what the other answers say is about the call itself. */
export function createSolvedHttp(http: HttpPort): HttpPort {
  const sentinel = createFakeHttp({ pieces: [ASKED] });
  return {
    request: (request) => (request.url.endsWith('/sentinel/req') ? sentinel.request(request) : http.request(request)),
  };
}
