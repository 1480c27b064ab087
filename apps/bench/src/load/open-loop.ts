import type { LoadConnection } from './load-connection.js';
import { sendRequest } from './load-request.js';
import type { LoadRun } from './load-request.js';

/**
 * Requests are due on a fixed schedule whether or not earlier ones are answered, and latency counts from the
 * due time: a target that stalls cannot hide it by slowing the generator down.
 */
export function runOpenLoop(
  run: LoadRun,
  { connections, ratePerSecond }: { connections: readonly LoadConnection[]; ratePerSecond: number },
): Promise<void> {
  const total = Math.floor(((run.job.settleMs + run.job.durationMs) / 1000) * ratePerSecond);
  const idle = [...connections];
  const waiting: number[] = [];
  let scheduled = 0;
  let settled = 0;

  return new Promise((resolve) => {
    const send = (connection: LoadConnection, dueAtMs: number): void =>
      sendRequest(run, { connection, dueAtMs, onSettled: () => release(connection) });
    const release = (connection: LoadConnection): void => {
      settled += 1;
      const dueAtMs = waiting.shift();
      if (dueAtMs === undefined) idle.push(connection);
      else send(connection, dueAtMs);
      if (settled === total) resolve();
    };
    const tick = (): void => {
      const nowMs = performance.now() - run.startedAt;
      for (; scheduled < total; scheduled += 1) {
        const dueAtMs = (scheduled * 1000) / ratePerSecond;
        if (dueAtMs > nowMs) break;
        run.recorder.recordSendLag(nowMs - dueAtMs);
        const connection = idle.pop();
        if (connection === undefined) waiting.push(dueAtMs);
        else send(connection, dueAtMs);
      }
      if (scheduled < total) setTimeout(tick, 1);
    };
    tick();
  });
}
