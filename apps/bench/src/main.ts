import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBenchOptions, usage } from './bench-options.js';
import type { BenchOptions } from './bench-options.js';
import { benchDurable } from './durable/bench-durable.js';
import { benchPool } from './pool/bench-pool.js';
import { renderMarkdown, renderText } from './report/table.js';
import { resultTables } from './report/result-tables.js';
import { runHeading } from './report/run-heading.js';
import { runBench } from './run-bench.js';
import { scenariosOf } from './scenario.js';
import { benchWire } from './wire/bench-wire.js';

const resultsFolder = fileURLToPath(new URL('../results', import.meta.url));

const print = (line: string): void => void process.stdout.write(`${line}\n`);

// An orderly exit lets the processes that were started be ended.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

if (process.argv[2] === 'pool') await benchPool();
else if (process.argv[2] === 'durable') await benchDurable(process.argv.slice(3));
else if (process.argv[2] === 'wire') await benchWire();
else await benchTargets();

async function benchTargets(): Promise<void> {
  const options = readOptions();
  if (options !== undefined) await bench(options);
}

function readOptions(): BenchOptions | undefined {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    print(usage);
    return undefined;
  }
  try {
    const options = parseBenchOptions(args);
    // Throws for a name that none has.
    scenariosOf(options);
    return options;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function bench(chosen: BenchOptions): Promise<void> {
  print(`seed ${chosen.seed}`);
  const run = await runBench(chosen, print);
  const heading = runHeading(run);
  const tables = resultTables(run, scenariosOf(chosen));
  print(['', ...heading, '', ...tables.map((table) => `${renderText(table)}\n`)].join('\n'));

  const outFile = chosen.outFile ?? path.join(resultsFolder, `${run.startedAt.replaceAll(':', '-')}.json`);
  await write(outFile, `${JSON.stringify(run, null, 1)}\n`);
  if (chosen.markdownFile !== undefined) {
    const lines = heading.map((line) => `- ${line}`);
    await write(chosen.markdownFile, [...lines, '', ...tables.map((table) => `${renderMarkdown(table)}\n`)].join('\n'));
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, text);
  print(`wrote ${file}`);
}
