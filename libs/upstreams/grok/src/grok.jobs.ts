import type { Job } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { asKeyHolder, asSession, type GrokCredential } from './grok.credential.js';
import { lookedInto } from './web.doubt.js';
import { webImage } from './web.image.js';
import { webVideo } from './web.video.js';
import { xaiImage } from './xai.image.js';
import { xaiVideo } from './xai.video.js';
import { GatewayError } from '@sluice/contracts/gateway-error';

type Context = AccountContext<GrokCredential>;

export const image: Job<'image', GrokCredential> = {
  isAttended: true,
  start(request, context) {
    const session = asSession(context);
    return session
      ? lookedInto(webImage.start(request, session), session)
      : xaiImage.start(request, asKeyHolder(context));
  },
};

/** Each video by the way that its account is held: the runtime asks with the account that made it. */
export const video: Job<'video', GrokCredential> = {
  start(request, context) {
    const session = asSession(context);
    return session
      ? lookedInto(webVideo.start(request, session), session)
      : xaiVideo.start(request, asKeyHolder(context));
  },
  async poll(operations, context) {
    const session = asSession(context);
    const steps = session ? webVideo.poll?.(operations, session) : xaiVideo.poll?.(operations, asKeyHolder(context));
    return (await steps) ?? [];
  },
  async find(intent, context) {
    const session = asSession(context);
    if (session) return webVideo.find?.(intent, session);
    throw new GatewayError('outcome_unknown', 'The upstream lists no videos.', { saw: 'unknown' });
  },
  open(file, context: Context) {
    const session = asSession(context);
    const opened = session && webVideo.open?.(file, session);
    if (opened) return opened;
    throw new GatewayError('internal', 'The files of a key lie open.');
  },
};
