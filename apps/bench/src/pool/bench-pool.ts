import { runPoolBench } from './run-pool-bench.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run bench -- pool`. */
export async function benchPool(): Promise<void> {
  const lines = await runPoolBench(print);
  for (const { title, figures, isMet } of lines) print(`${isMet ? 'met   ' : 'missed'}  ${title}: ${figures}`);
  if (lines.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
