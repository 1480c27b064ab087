import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runTests } from '../gemini/run-tests.js';

const LIST = 'docs/pain-points.md';
const SECTION = '## What users of Sora2API and of the video platform met';
const KINDS = { complaint: 9, defect: 13, quirk: 2, platform: 7 };

interface NamedTest {
  row: string;
  title: string;
  file: string;
}

export function painPointChecks(): Check[] {
  const counted = Object.entries(KINDS).map(([kind, count]) => `${kind} ${count}`);
  return [
    {
      title: `complaints about Sora2API and the video platform (to ${counted.join(', ')}): each has a test that is named`,
      prove: proveNames,
    },
    {
      title: 'and all of them hold',
      prove: async () => runTests([...new Set((await readList()).map(({ file }) => file))]),
    },
  ];
}

/** A row without a test, a file that is gone, and a test that is called otherwise by now, are all failures. */
async function proveNames(): Promise<string> {
  const tests = await readList();
  const rows = new Set(tests.map(({ row }) => row));
  const wanted = Object.entries(KINDS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => `${kind} ${index + 1}`),
  );
  assert.deepEqual([...rows].toSorted(), wanted.toSorted());
  const missing: NamedTest[] = [];
  for (const test of tests) if (!(await read(test.file)).includes(test.title)) missing.push(test);
  assert.deepEqual(missing, [], 'tests that are named and not there');
  return `${rows.size} rows, ${tests.length} tests`;
}

/** `| defect 2 | … | [title](../file.test.ts), … |` */
async function readList(): Promise<NamedTest[]> {
  const [, section = ''] = (await read(LIST)).split(SECTION);
  return section.split('\n').flatMap((line) => {
    const row = /^\| (\w+ \d+) +\|/.exec(line)?.[1];
    if (row === undefined) return [];
    return [...line.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+\.test\.ts)\)/g)].map(([, title = '', file = '']) => ({
      row,
      title,
      file,
    }));
  });
}

function read(file: string): Promise<string> {
  return readFile(join(REPOSITORY, file), 'utf8');
}
