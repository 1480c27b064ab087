import type { LoadConnection } from './load-connection.js';
import { sendRequest } from './load-request.js';
import type { LoadRun } from './load-request.js';

/** A refused connection would otherwise be asked again without a pause. */
const pauseAfterErrorMs = 5;

/** Every connection sends its next request when the last one is answered. */
export async function runClosedLoop(run: LoadRun, connections: readonly LoadConnection[]): Promise<void> {
  await Promise.all(connections.map((connection) => keepSending(run, connection)));
}

function keepSending(run: LoadRun, connection: LoadConnection): Promise<void> {
  const endsAtMs = run.job.settleMs + run.job.durationMs;
  return new Promise((resolve) => {
    const next = (): void => {
      const dueAtMs = performance.now() - run.startedAt;
      if (dueAtMs >= endsAtMs) {
        resolve();
        return;
      }
      const onSettled = (outcome: 'answered' | 'failed'): void => {
        if (outcome === 'answered') next();
        else setTimeout(next, pauseAfterErrorMs);
      };
      sendRequest(run, { connection, dueAtMs, onSettled });
    };
    next();
  });
}
