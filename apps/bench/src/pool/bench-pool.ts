import { printLines } from '../report/bench-line.js';
import { runPoolBench } from './run-pool-bench.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run bench -- pool`. */
export async function benchPool(): Promise<void> {
  printLines(await runPoolBench(print), print);
}
