import { readOptions } from './chaos-options.js';
import { runSeed } from './run-seed.js';

// What was started ends with us, however we end.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));

const options = readOptions(process.argv.slice(2), Date.now());
const broken: number[] = [];
// Everything that is started wants to know when we end.
process.setMaxListeners(0);
const rest = options.seeds.values();
const lane = async (): Promise<void> => {
  for (const seed of rest) await runOne(seed);
};
const startedAtMs = Date.now();
await Promise.all(Array.from({ length: options.atOnce }, lane));
for (const seed of broken.toSorted((one, other) => one - other)) {
  const load = `--generations ${options.generations} --load-ms ${options.loadMs}`;
  process.stdout.write(`FAILED: to run it again: npm run chaos -- --seed ${seed} ${load}\n`);
}
const minutes = ((Date.now() - startedAtMs) / 60_000).toFixed(1);
const held = options.seeds.length - broken.length;
process.stdout.write(`${held} of ${options.seeds.length} seeds hold, in ${minutes} min, ${options.atOnce} at a time\n`);
process.exit(broken.length === 0 ? 0 : 1);

async function runOne(seed: number): Promise<void> {
  process.stdout.write(`chaos: seed ${seed}, ${options.generations} generations\n`);
  const holds = await runSeed(seed, options).catch((error: unknown) => {
    process.stderr.write(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return false;
  });
  if (!holds) broken.push(seed);
}
