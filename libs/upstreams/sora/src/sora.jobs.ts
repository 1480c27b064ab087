import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Job } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { apiCharacter } from './sora.character.js';
import { asKeyHolder, asSession, type SoraCredential, type WebCredential } from './sora.credential.js';
import { video as apiVideo } from './sora.video.js';
import { webCharacter } from './web.character.js';
import { createWebImage } from './web.image.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { createWebVideo } from './web.video.js';

type Context = AccountContext<SoraCredential>;

/** Each video by the way that its account is held: the runtime asks with the account that made it. */
export function createVideo(proofOfWork: ProofOfWork): Job<'video', SoraCredential> {
  const web = createWebVideo(proofOfWork);
  return {
    start(request, context) {
      const session = asSession(context);
      return session ? web.start(request, session) : apiVideo.start(request, asKeyHolder(context));
    },
    async poll(operations, context, inPassing) {
      const session = asSession(context);
      const steps = session
        ? web.poll?.(operations, session, inPassing)
        : apiVideo.poll?.(operations, asKeyHolder(context), inPassing);
      return (await steps) ?? [];
    },
    async find(intent, context) {
      const session = asSession(context);
      return session ? web.find?.(intent, session) : apiVideo.find?.(intent, asKeyHolder(context));
    },
    async cancel(operation, context) {
      if (!asSession(context)) return apiVideo.cancel?.(operation, asKeyHolder(context));
      const message = 'The upstream cannot cancel this video: it goes on there.';
      throw new GatewayError('unsupported', message, { saw: 'refused' });
    },
    async remove(operation, context) {
      const session = asSession(context);
      if (session) return web.remove?.(operation, session);
      throw new GatewayError('unsupported', 'This vendor is not told of what is deleted here.', { saw: 'nothing' });
    },
    open(file, context) {
      const session = asSession(context);
      const opened = session ? web.open?.(file, session) : apiVideo.open?.(file, asKeyHolder(context));
      return opened ?? Promise.reject(new GatewayError('internal', 'This file lies open.'));
    },
  };
}

/** Pictures are made by the website alone. */
export function createImage(proofOfWork: ProofOfWork): Job<'image', SoraCredential> {
  const web = createWebImage(proofOfWork);
  return {
    start: (request, context) => web.start(request, inAccount(context)),
    poll: async (operations, context) => (await web.poll?.(operations, inAccount(context))) ?? [],
    find: async (intent, context) => web.find?.(intent, inAccount(context)),
    open: (file, context) =>
      web.open?.(file, inAccount(context)) ?? Promise.reject(new GatewayError('internal', 'This file lies open.')),
  };
}

/** Characters by either way: each stays in the account that made it. */
export const character: Job<'character', SoraCredential> = {
  start(request, context) {
    const session = asSession(context);
    return session ? webCharacter.start(request, session) : apiCharacter.start(request, asKeyHolder(context));
  },
  async poll(operations, context) {
    const session = asSession(context);
    const steps = session
      ? webCharacter.poll?.(operations, session)
      : apiCharacter.poll?.(operations, asKeyHolder(context));
    return (await steps) ?? [];
  },
  async cancel(operation, context) {
    const session = asSession(context);
    if (session) return webCharacter.cancel?.(operation, session);
    const message = 'The videos protocol has no word for it: the character stays in the account.';
    throw new GatewayError('unsupported', message, { saw: 'refused' });
  },
};

/** Who holds a key has videos only. */
export function inAccount<Own extends Context>(context: Own): Own & { credential: WebCredential } {
  const session = asSession(context);
  if (session) return session;
  const message = 'This vendor makes videos, and nothing else.';
  throw new GatewayError('unsupported', message, { saw: 'nothing', param: 'model' });
}
