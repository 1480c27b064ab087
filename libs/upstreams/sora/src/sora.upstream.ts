import { GatewayError } from '@sluice/contracts/gateway-error';
import { soraManifest } from '@sluice/manifests/sora';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { asKeyHolder, asSession, soraCredentialSchema, type SoraCredential } from './sora.credential.js';
import { character, createImage, createVideo, inAccount } from './sora.jobs.js';
import { probe } from './sora.probe.js';
import { webProbe } from './web.account.js';
import { readCharacter } from './web.character-operation.js';
import { setVisibility } from './web.character-visibility.js';
import { enhance } from './web.enhance.js';
import { searchMentions } from './web.mentions.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { SolverThread } from './web.solver-thread.js';
import { refreshTokens, tokenExpiresAtMs } from './web.tokens.js';
import { clearDrafts, countDrafts } from './web.upkeep.js';

/** Any vendor that speaks the videos protocol of OpenAI's Sora, in one of its many spellings; and the website that Sora was. */
export function createSora({ proofOfWork }: { proofOfWork: ProofOfWork }): Upstream<SoraCredential> {
  return {
    manifest: soraManifest,
    credential: soraCredentialSchema,
    chat: (request, context) => enhance(request, inAccount(context)),
    jobs: { image: createImage(proofOfWork), video: createVideo(proofOfWork), character },
    assets: {
      count: (context) => countDrafts(inAccount(context)),
      clear: (context) => clearDrafts(inAccount(context)),
    },
    characters: {
      share: (operation, { isPublic }, context) =>
        setVisibility(readCharacter(operation).id, isPublic, inAccount(context)),
      search: (username, context) => searchMentions(username, inAccount(context)),
    },
    async refresh(context) {
      const session = asSession(context);
      if (session) return refreshTokens(session);
      throw new GatewayError('unsupported', 'A key has no session to refresh.');
    },
    expiresAtMs: (credential) => ('apiKey' in credential ? undefined : tokenExpiresAtMs(credential)),
    probe(context) {
      const session = asSession(context);
      return session ? webProbe(session) : probe(asKeyHolder(context));
    },
  };
}

export const sora = createSora({ proofOfWork: new SolverThread() });
