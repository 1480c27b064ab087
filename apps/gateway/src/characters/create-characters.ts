import type { Clock } from '@sluice/contracts/clock';
import type { CredentialBulk } from '@sluice/domain-credentials/credential-bulk';
import type { CredentialCalls } from '../admin/credential-calls.js';
import type { GatewayConfig } from '../gateway-environment.js';
import type { OwnedFiles } from '../files/owned-files.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import { CharacterAccounts } from './character-accounts.js';
import { CharacterReplies } from './character-replies.service.js';
import { CharactersService } from './characters.service.js';

/** What stands behind characters. */
export function createCharacters(options: {
  config: Pick<GatewayConfig, 'SLUICE_IMAGE_WAIT_MS'>;
  durable: Durable;
  media: Media;
  files: OwnedFiles;
  calls: Pick<CredentialCalls, 'ofCharacter'>;
  bulk: Pick<CredentialBulk, 'select'>;
  claimRules(): ClaimRules;
  clock: Clock;
}) {
  const { config, durable, media, files, calls, bulk, claimRules, clock } = options;
  const { pipeline, generations } = durable;
  const { intake, links, store } = media;
  const accounts = new CharacterAccounts({ calls, findSearcher: () => findSession(bulk) });
  return {
    service: new CharactersService({ pipeline, generations, intake, files, store, accounts, claimRules }),
    replies: new CharacterReplies({ generations, links, clock, waitMs: config.SLUICE_IMAGE_WAIT_MS }),
  };
}

export type Characters = ReturnType<typeof createCharacters>;

const UPSTREAM = 'sora';
const KIND = 'session';

/** Any will do, since all of them find the same but for what is hidden; the sooner one that is known to work. */
async function findSession(bulk: Pick<CredentialBulk, 'select'>) {
  const filter = { upstream: UPSTREAM, kind: KIND, enabled: true };
  for (const more of [{ state: 'ready' as const }, {}])
    for await (const [first] of bulk.select({ filter: { ...filter, ...more } })) if (first) return first;
  return undefined;
}
