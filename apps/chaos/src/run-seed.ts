import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosOptions } from './chaos-options.js';
import { planFaults, playFaults } from './faults/schedule.js';
import { countUntold, gatherEvidence, readRows } from './invariants/evidence.js';
import { INVARIANTS } from './invariants/invariants.js';
import { planWishes } from './load/plan.js';
import { runLoad } from './load/run-load.js';
import { Random } from './random.js';
import { renderReport } from './report.js';
import { startSystem, type System } from './system/system.js';
import { waitUntil } from './wait-until.js';
import { OF_REQUESTS } from './webhooks/open-webhooks.js';

const FINAL = new Set(['succeeded', 'failed', 'cancelled', 'expired']);
/** Faults go on when all is posted: what is under way then has to survive as well. */
const AFTER_LOAD_MS = 15_000;
/** A lease that nobody gave back ends by itself; only what is taken after that is leaked. */
const LEASES_END_MS = 10_000;
/** A webhook that a killed gateway had is taken by another after 40 s; one that was refused comes again after 5. */
const TOLD_MS = 60_000;

/** One whole run. True when everything held. */
export async function runSeed(seed: number, options: ChaosOptions): Promise<boolean> {
  const { generations, loadMs, quietMs, isCalm } = options;
  const wishes = planWishes(new Random(seed), { generations, loadMs, seed });
  const faults = isCalm ? [] : planFaults(new Random(seed ^ 0x5eed), loadMs + AFTER_LOAD_MS);
  const system = await startSystem();
  try {
    const { apiKey } = await system.sluice.run();
    const gateways = await system.sluice.gateways();
    const signal = AbortSignal.timeout(loadMs + AFTER_LOAD_MS + quietMs);
    // Every client listens to it.
    setMaxListeners(0, signal);
    const load = runLoad(wishes, { gateways, apiKey, hookUrl: system.webhooks.receiver.urlOf(OF_REQUESTS), signal });
    await playFaults(faults, system);
    const clients = await load;
    await untilQuiet(system, quietMs);
    const evidence = await gatherEvidence(system, { wishes, clients });
    const findings = INVARIANTS.map((invariant) => ({ invariant, broken: invariant.check(evidence) }));
    process.stdout.write(renderReport({ seed, faults: faults.map(({ name }) => name), evidence, findings }));
    const holds = findings.every(({ broken }) => broken.length === 0);
    if (!holds) process.stderr.write(`\nlast words of Sluice:\n${system.sluice.printed().slice(-6_000)}\n`);
    return holds;
  } finally {
    await system.stop();
  }
}

/** What comes to no end in time is left to the invariants to tell. */
async function untilQuiet(system: System, withinMs: number): Promise<void> {
  const allEnded = async (): Promise<true | undefined> => {
    const rows = await readRows(system);
    return rows.every(({ state }) => FINAL.has(state)) ? true : undefined;
  };
  await waitUntil('every generation ends', allEnded, { withinMs, everyMs: 1_000 }).catch(() => undefined);
  const allTold = async (): Promise<true | undefined> => ((await countUntold(system)) === 0 ? true : undefined);
  const told = waitUntil('every end is told', allTold, { withinMs: TOLD_MS, everyMs: 1_000 }).catch(() => undefined);
  await Promise.all([told, delay(LEASES_END_MS)]);
}
