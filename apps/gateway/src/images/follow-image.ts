import type { ServerResponse } from 'node:http';
import type { Clock } from '@sluice/contracts/clock';
import { isTerminal, type PartRecord } from '@sluice/contracts/part';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import { onClientGone } from '../generations/client-gone.js';

/** Why nothing more is told: it ended, the client left, it took too long, or its log is not followed any more. */
export type TailEnd = 'ended' | 'gone' | 'late' | 'broken';

/** Passes on what happens to a generation until one of these. The generation itself goes on, whichever it is. */
export async function followImage(options: {
  tail: LiveTail;
  response: ServerResponse;
  clock: Clock;
  waitMs: number;
  tell(records: readonly PartRecord[]): Promise<void>;
}): Promise<TailEnd> {
  const { tail, response, clock, waitMs, tell } = options;
  let end: TailEnd = 'broken';
  const stop = (why: TailEnd) => {
    end = why;
    tail.close();
  };
  const stopWatching = onClientGone(response, () => stop('gone'));
  const stopTimer = clock.after(waitMs, () => stop('late'));
  try {
    for await (const records of tail) {
      await tell(records);
      if (records.some(({ part }) => isTerminal(part))) return 'ended';
    }
    return end;
  } finally {
    stopTimer();
    stopWatching();
    tail.close();
  }
}
