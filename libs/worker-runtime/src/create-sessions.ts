import type { Sessions } from '@sluice/domain-credentials/credential-pool';
import { createRefresher, hasSession, type CreateRefresherOptions } from './create-refresher.js';

/** How the pool keeps this upstream's sessions alive; undefined where they cannot be refreshed. */
export function createSessions<Credential>(options: CreateRefresherOptions<Credential>): Sessions | undefined {
  const { upstream, logger } = options;
  const refresher = createRefresher(options);
  if (refresher === undefined) return undefined;
  return {
    expiresAtMs: (_row, secret) => upstream.expiresAtMs?.(upstream.credential.parse(secret)),
    refresh: (row) => {
      if (!hasSession(upstream, row.kind)) return;
      refresher
        .refresh(row)
        .catch((error: unknown) =>
          logger.warn({ err: error, credentialId: row.id }, 'a session could not be refreshed'),
        );
    },
  };
}
