import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, type Machine } from '../measure/machine.js';
import { printLines, type BenchLine } from '../report/bench-line.js';
import { formatNumber } from '../report/format-number.js';
import { renderMarkdown } from '../report/table.js';
import { acceptPart, acknowledgePart } from './acknowledge.part.js';
import { readDurableOptions } from './durable-options.js';
import type { DurablePart, PartOptions } from './durable-part.js';
import { startDurableStand } from './durable-stand.js';
import { filePart } from './file.part.js';
import { inFlightPart } from './in-flight.part.js';
import { progressPart } from './progress.part.js';
import { readPart } from './read.part.js';

const resultsFolder = fileURLToPath(new URL('../../results', import.meta.url));
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** What is left waiting at the end of the last would stand in the way of any other. */
const PARTS: readonly DurablePart[] = [filePart, progressPart, inFlightPart, acknowledgePart, readPart, acceptPart];

/** `npm run bench -- durable [--quick] [--only NAMES] [--out FILE] [--markdown FILE]`. */
export async function benchDurable(args: readonly string[]): Promise<void> {
  const { length, only, outFile, markdownFile } = readDurableOptions(args);
  const parts = PARTS.filter(({ name }) => only === undefined || only.includes(name));
  const startedAt = new Date().toISOString();
  const machine = await describeMachine();
  const { lines, raw } = await measureAll(parts, { length, print });
  const result = { startedAt, machine, length, lines, raw };
  await write(
    outFile ?? path.join(resultsFolder, `durable-${startedAt.replaceAll(':', '-')}.json`),
    JSON.stringify(result, null, 1),
  );
  if (markdownFile !== undefined) await write(markdownFile, toMarkdown({ startedAt, machine, lines }));
  printLines(lines, print);
}

async function measureAll(parts: readonly DurablePart[], options: PartOptions) {
  const stand = await startDurableStand();
  const lines: BenchLine[] = [];
  const raw: Record<string, unknown> = {};
  try {
    for (const part of parts) {
      print(`${part.name} …`);
      const result = await part.run(stand, options).catch((error: unknown) => failed(part, error));
      lines.push(...result.lines);
      raw[part.name] = result.raw;
    }
  } finally {
    await stand.stop();
  }
  return { lines, raw };
}

function failed({ name }: DurablePart, error: unknown) {
  const text = error instanceof Error ? error.message : String(error);
  return { lines: [{ title: `${name} can be measured`, figures: text, isMet: false }], raw: text };
}

function toMarkdown({
  startedAt,
  machine,
  lines,
}: {
  startedAt: string;
  machine: Machine;
  lines: BenchLine[];
}): string {
  const heading =
    `${startedAt}, node ${machine.node}, ${machine.cores} cores (${machine.cpu}); write + fsync of 4 kB: ` +
    `median ${formatNumber(machine.fsyncMs?.p50)} ms; load average before the run ${formatNumber(machine.loadBefore)}`;
  const rows = lines.map(({ title, figures, isMet }) => [title, figures, isMet ? 'reached' : 'not reached']);
  const table = renderMarkdown({ title: 'Durable', head: ['wanted', 'measured', ''], rows });
  return `${table}\n\n- ${heading}\n`;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, `${text}\n`);
  print(`wrote ${file}`);
}
