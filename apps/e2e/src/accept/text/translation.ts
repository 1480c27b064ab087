import { strict as assert } from 'node:assert';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const BENCH_LIMIT_MS = 600_000;
const LINE = /^(met|missed) +(.+): ([\d.,]+ \S+)$/gm;

export function translationChecks(): Check[] {
  return [
    {
      title: 'between any two dialects: 200 kB of conversation in < 5 ms, a part of a stream in < 20 µs (medians)',
      prove: async () => {
        const bench = ['apps/bench/dist/main.js', 'wire'];
        const printed = await runToEnd({
          command: process.execPath,
          args: bench,
          directory: REPOSITORY,
          limitMs: BENCH_LIMIT_MS,
        });
        const lines = [...printed.matchAll(LINE)];
        const missed = lines.filter(([, verdict]) => verdict === 'missed').map(([line]) => line);
        assert.ok(lines.length > 0 && missed.length === 0, missed.join('\n') || printed.slice(-1_000));
        return `${lines.length} figures, the slowest ${slowest(lines, 'ms')} and ${slowest(lines, 'µs')}`;
      },
    },
  ];
}

function slowest(lines: readonly RegExpExecArray[], unit: string): string {
  const figures = lines.map(([, , , figure = '']) => figure).filter((figure) => figure.endsWith(unit));
  return `${Math.max(...figures.map((figure) => Number.parseFloat(figure.replace(',', ''))))} ${unit}`;
}
