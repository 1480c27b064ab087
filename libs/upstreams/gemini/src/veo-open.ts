import type { HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import { openAtHome } from '@sluice/upstream-kit/open-at-home';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { toGeminiFailure } from './gemini.error.js';
import { authorization } from './gemini.request.js';

/** Fetches a finished file from the project that made it. */
export function open(file: UpstreamFile, context: AccountContext<GeminiCredential>): Promise<HttpResponse> {
  return openAtHome(file, context, {
    headers: authorization(context),
    toFailure: (response) => toGeminiFailure(response, context.clock.now()),
  });
}
