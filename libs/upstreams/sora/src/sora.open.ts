import type { HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import { openAtHome } from '@sluice/upstream-kit/open-at-home';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { toSoraFailure } from './sora.error.js';
import { authorization } from './sora.request.js';

/** Fetches a finished file from the vendor. */
export function open(file: UpstreamFile, context: AccountContext<ApiCredential>): Promise<HttpResponse> {
  return openAtHome(file, context, {
    headers: authorization(context),
    toFailure: (response) => toSoraFailure(response, context.clock.now()),
  });
}
