import { chatPath } from './target.js';
import type { Target } from './target.js';

/** The stand-in upstream with nothing in between: what the others add is counted from here. */
export const directTarget: Target = {
  name: 'direct',
  start: ({ upstreamUrl, upstreamPid }) =>
    Promise.resolve({
      url: `${upstreamUrl}${chatPath}`,
      headers: { authorization: 'Bearer bench' },
      pids: { upstream: upstreamPid },
      stop: () => Promise.resolve(),
    }),
};
