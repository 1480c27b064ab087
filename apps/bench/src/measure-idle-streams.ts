import type { LoadGenerator } from './load/load-generator.js';
import { readUsage } from './measure/process-usage.js';
import type { IdleStreams } from './measurement.js';
import { closedScenario, idleJobOf, jobOf } from './scenario.js';
import type { RunningTarget } from './targets/target.js';

const sampleEveryMs = 1000;
const warmUp = { connections: 8, durationMs: 1000 };

/** Holds many slow streams on a target at once; undefined when it cannot stream at all. */
export async function measureIdleStreams(
  { name, target, generator }: { name: string; target: RunningTarget; generator: LoadGenerator },
  count: number,
): Promise<IdleStreams | undefined> {
  const scenario = closedScenario('streamed', warmUp.connections);
  const warm = await generator.run(jobOf(scenario, { target, durationMs: warmUp.durationMs }));
  if (warm.completed === 0) return undefined;

  const peakRssBytes: Record<string, number> = {};
  const sample = async (): Promise<void> => {
    const usage = await readUsage(target.pids);
    for (const [process, { rssBytes }] of Object.entries(usage)) {
      peakRssBytes[process] = Math.max(peakRssBytes[process] ?? 0, rssBytes);
    }
  };
  const timer = setInterval(() => void sample(), sampleEveryMs);
  try {
    const result = await generator.run(idleJobOf(target, count));
    return { ...result, target: name, streams: count, peakRssBytes };
  } finally {
    clearInterval(timer);
  }
}
