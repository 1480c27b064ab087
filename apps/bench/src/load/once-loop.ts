import type { LoadConnection } from './load-connection.js';
import { sendRequest } from './load-request.js';
import type { LoadRun } from './load-request.js';

/** One request on every connection, begun evenly over the ramp. */
export async function runOnce(
  run: LoadRun,
  { connections, rampMs }: { connections: readonly LoadConnection[]; rampMs: number },
): Promise<void> {
  await Promise.all(
    connections.map(
      (connection, index) =>
        new Promise<void>((resolve) => {
          setTimeout(
            () => {
              const dueAtMs = performance.now() - run.startedAt;
              sendRequest(run, { connection, dueAtMs, onSettled: () => resolve() });
            },
            (index * rampMs) / connections.length,
          );
        }),
    ),
  );
}
