import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIST = 'docs/pain-points.md';
const FAMILIES = 19;
const TESTS_LIMIT_MS = 600_000;

export function painPointChecks(): Check[] {
  return [
    { title: `each of the ${FAMILIES} known pain points has a test that is named after it`, prove: proveNames },
    { title: 'and all tests of the list hold', prove: proveTests },
  ];
}

async function proveNames(): Promise<string> {
  const rows = await readList();
  const files = new Map(await Promise.all([...allFiles(rows)].map(async (file) => [file, await read(file)] as const)));
  const unnamed = Array.from({ length: FAMILIES }, (_, index) => index + 1).filter(
    (number) => !rows.get(number)?.some((file) => new RegExp(`pain point ${number}\\b`).test(files.get(file) ?? '')),
  );
  assert.deepEqual(unnamed, [], `without a test of their name: ${unnamed.join(', ')}`);
  return `${rows.size} pain points, ${files.size} files`;
}

async function proveTests(): Promise<string> {
  const files = [...allFiles(await readList())];
  const printed = await runToEnd({
    command: process.execPath,
    args: ['tools/test.mjs', ...files],
    directory: REPOSITORY,
    limitMs: TESTS_LIMIT_MS,
  });
  return printed.trimEnd().split('\n').at(-1) ?? '';
}

function allFiles(rows: ReadonlyMap<number, string[]>): Set<string> {
  return new Set([...rows.values()].flat());
}

/** The files of each row of the table, by its number. */
async function readList(): Promise<Map<number, string[]>> {
  const rows = new Map<number, string[]>();
  for (const line of (await read(LIST)).split('\n')) {
    const number = Number(/^\| *(\d+) *\|/.exec(line)?.[1]);
    if (number > 0)
      rows.set(
        number,
        [...line.matchAll(/\(\.\.\/([^)]+\.test\.ts)\)/g)].map(([, file = '']) => file),
      );
  }
  return rows;
}

function read(file: string): Promise<string> {
  return readFile(join(REPOSITORY, file), 'utf8');
}
