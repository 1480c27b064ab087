import { strict as assert } from 'node:assert';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIKE_TO_LIKE = ' to itself: ';
const BENCH_LIMIT_MS = 600_000;
const LINE = /^(met|missed) +(.+): ([\d.,]+ \S+)$/gm;

/** All are of one run. */
export function translationChecks(): Check[] {
  const bench = once(runWireBench);
  return [
    {
      title: 'between any two dialects: 200 kB of conversation in < 5 ms, a part of a stream in < 20 µs (medians)',
      prove: async () => figuresOf(await bench(), ({ title }) => !title.includes(LIKE_TO_LIKE)),
    },
    {
      title:
        'between like and like: a part of a stream in < 5 µs of CPU more than its bytes passed on unread (medians)',
      prove: async () => figuresOf(await bench(), ({ title }) => title.includes(LIKE_TO_LIKE)),
    },
  ];
}
interface Line {
  title: string;
  isMet: boolean;
  figure: string;
}

async function runWireBench(): Promise<Line[]> {
  const printed = await runToEnd({
    command: process.execPath,
    args: ['apps/bench/dist/main.js', 'wire'],
    directory: REPOSITORY,
    limitMs: BENCH_LIMIT_MS,
  });
  return [...printed.matchAll(LINE)].map(([, verdict, title = '', figure = '']) => ({
    title,
    isMet: verdict === 'met',
    figure,
  }));
}

function figuresOf(lines: readonly Line[], isOfInterest: (line: Line) => boolean): string {
  const own = lines.filter(isOfInterest);
  const missed = own.filter(({ isMet }) => !isMet).map(({ title, figure }) => `${title}: ${figure}`);
  assert.ok(own.length > 0, 'the bench says nothing of it');
  assert.ok(missed.length === 0, missed.join('\n'));
  const units = ['ms', 'µs'].filter((unit) => own.some(({ figure }) => figure.endsWith(unit)));
  return `${own.length} figures, the slowest ${units.map((unit) => slowest(own, unit)).join(' and ')}`;
}

function slowest(lines: readonly Line[], unit: string): string {
  const figures = lines.map(({ figure }) => figure).filter((figure) => figure.endsWith(unit));
  return `${Math.max(...figures.map((figure) => Number.parseFloat(figure.replace(',', ''))))} ${unit}`;
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
