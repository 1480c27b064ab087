import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runTests } from './run-tests.js';

const LIST = 'docs/from-gemini-balance.md';
const MISTAKES = 21;
const PAIN_POINTS = 12;

export function namedTestChecks(): Check[] {
  return [
    {
      title: `each of ${MISTAKES} known mistakes and ${PAIN_POINTS} pain points of Gemini Balance has a test of its name`,
      prove: proveNames,
    },
    {
      title: 'and all of them hold',
      prove: async () => runTests([...new Set([...(await readList()).values()].flat())]),
    },
  ];
}

async function proveNames(): Promise<string> {
  const rows = await readList();
  const wanted = [
    ...numbered('mistake', MISTAKES).map((name) => ({ name, title: new RegExp(`\\b${name}\\b`) })),
    ...numbered('pain point', PAIN_POINTS).map((name) => ({ name, title: new RegExp(`${name} of Gemini Balance`) })),
  ];
  const unnamed: string[] = [];
  for (const { name, title } of wanted) {
    const texts = await Promise.all((rows.get(name) ?? []).map(read));
    if (!texts.some((text) => title.test(text))) unnamed.push(name);
  }
  assert.deepEqual(unnamed, []);
  return `${rows.size} rows, ${new Set([...rows.values()].flat()).size} files`;
}

function numbered(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind} ${index + 1}`);
}

/** The files of each row: `| mistake 3 | … | [title](../file.test.ts) |`. */
async function readList(): Promise<Map<string, string[]>> {
  const rows = (await read(LIST)).split('\n').flatMap((line): [string, string[]][] => {
    const name = /^\| ((?:mistake|pain point) \d+) +\|/.exec(line)?.[1];
    const files = [...line.matchAll(/\(\.\.\/([^)]+\.test\.ts)\)/g)].map(([, file = '']) => file);
    return name === undefined ? [] : [[name, files]];
  });
  return new Map(rows);
}

function read(file: string): Promise<string> {
  return readFile(join(REPOSITORY, file), 'utf8');
}
