import { setTimeout as delay } from 'node:timers/promises';
import { postUntilGranted, type ClientOptions, type Granted } from './client.js';
import { watchEvents, type Watched } from './event-watcher.js';
import type { Wish } from './plan.js';

export interface Followed extends Granted {
  watched: Watched;
}

/** All clients, each at its time. Ends when every one has seen the end of its video, or the signal says that it is too late. */
export function runLoad(wishes: readonly Wish[], options: ClientOptions): Promise<(Followed | Error)[]> {
  const startedAtMs = Date.now();
  return Promise.all(
    wishes.map(async (wish) => {
      try {
        await delay(Math.max(0, startedAtMs + wish.postAtMs - Date.now()), undefined, { signal: options.signal });
        const granted = await postUntilGranted(wish, options);
        return { ...granted, watched: await watchEvents(granted, options) };
      } catch (error) {
        return new Error(`${wish.prompt}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}
