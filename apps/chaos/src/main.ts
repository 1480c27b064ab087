import { readOptions } from './chaos-options.js';
import { runSeed } from './run-seed.js';

// What was started ends with us, however we end.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));

const options = readOptions(process.argv.slice(2), Date.now());
const broken: number[] = [];
for (const seed of options.seeds) {
  process.stdout.write(`chaos: seed ${seed}, ${options.generations} generations\n`);
  const holds = await runSeed(seed, options).catch((error: unknown) => {
    process.stderr.write(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return false;
  });
  if (!holds) broken.push(seed);
}
for (const seed of broken) {
  const load = `--generations ${options.generations} --load-ms ${options.loadMs}`;
  process.stdout.write(`FAILED: to run it again: npm run chaos -- --seed ${seed} ${load}\n`);
}
process.stdout.write(`${options.seeds.length - broken.length} of ${options.seeds.length} seeds hold\n`);
process.exit(broken.length === 0 ? 0 : 1);
