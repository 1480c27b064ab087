import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSluice } from '../harness/start-sluice.js';
import type { StartedSluice } from '../harness/start-sluice.js';
import { describeOutcomes, killDuringStreams } from '../scenarios/kill-during-streams.js';

let sluice: StartedSluice;

beforeAll(async () => {
  sluice = await startSluice({ environment: { SLUICE_REPLICAS: 'gateway=2', LOG_LEVEL: 'warn' } });
});

afterAll(async () => {
  await sluice?.stop();
});

const PROPER_ENDS = ['answered', 'refused', 'error in stream'];

describe.sequential('kill -9 during streams', () => {
  it.sequential.each(['gateway-2', 'postgres', 'simulator', 'openai-worker', 'redis'])(
    'of %s: every client gets an answer or an error, and it is restored',
    async (victim) => {
      const report = await killDuringStreams({ victim, gateway: sluice.run.gateway, readRun: sluice.readRun });
      const wrong = report.outcomes.filter(({ type }) => !PROPER_ENDS.includes(type));
      expect(wrong, describeOutcomes(report.outcomes)).toEqual([]);
      expect(report.longestMs).toBeLessThan(20_000);
      if (victim === 'gateway-2' || victim === 'postgres') {
        expect(describeOutcomes(report.outcomes)).toBe(`${report.outcomes.length} answered`);
      }
      if (victim === 'openai-worker') {
        expect(
          report.outcomes.filter(({ type }) => type === 'answered').length,
          'those that had sent nothing are run again',
        ).toBeGreaterThanOrEqual(4);
      }
      process.stderr.write(
        `kill ${victim}: ${describeOutcomes(report.outcomes)}; ${Math.round(report.longestMs)} ms at most; back in ${Math.round(report.restoredAfterMs)} ms\n`,
      );
    },
    60_000,
  );

  it.sequential('of the gateway itself: its clients are cut off at once, and it is restored', async () => {
    const report = await killDuringStreams({ victim: 'gateway', gateway: sluice.run.gateway, readRun: sluice.readRun });
    expect(describeOutcomes(report.outcomes)).toMatch(/^8 disconnected/);
    expect(report.longestMs).toBeLessThan(10_000);
  }, 60_000);
});
