import assert from 'node:assert/strict';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { describeOutcomes, killDuringStreams } from '../../scenarios/kill-during-streams.js';
import type { Check } from '../capability.js';

const LONGEST_WAIT_MS = 20_000;

/** Clients talk to the first gateway: all of them have one that lives, but when it is the victim. */
export function killChecks(sluice: StartedSluice): Check[] {
  return Object.keys(sluice.run.pids).map((victim) => ({
    title: `kill -9 of ${victim} during streams: an answer or an error for everybody, and it is restored`,
    prove: () => proveKill(sluice, victim),
  }));
}

async function proveKill(sluice: StartedSluice, victim: string): Promise<string> {
  const report = await killDuringStreams({ victim, gateway: sluice.run.gateway, readRun: sluice.readRun });
  const seconds = (durationMs: number) => `${(durationMs / 1000).toFixed(1)} s`;
  const figures =
    `${describeOutcomes(report.outcomes)}; the last after ${seconds(report.longestMs)}; ` +
    `new process after ${seconds(report.restoredAfterMs)}, new chat answered after ${seconds(report.chatAgainAfterMs)}`;
  const allowed =
    victim === 'gateway'
      ? ['answered', 'refused', 'error in stream', 'disconnected']
      : ['answered', 'refused', 'error in stream'];
  assert.ok(report.outcomes.every(({ type }) => allowed.includes(type)) && report.longestMs < LONGEST_WAIT_MS, figures);
  return figures;
}
