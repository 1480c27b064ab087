import { printLines } from '../report/bench-line.js';
import { runWireBench } from './run-wire-bench.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run bench -- wire`. */
export async function benchWire(): Promise<void> {
  printLines(await runWireBench(print), print);
}
