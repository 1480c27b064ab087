import assert from 'node:assert/strict';
import type { Check } from '../capability.js';
import { medianOfTurns, runBench } from './bench-result.js';
import type { BenchResult, Measured } from './bench-result.js';

const MAXIMUM_IDLE_GATEWAY_BYTES = 400 * 1024 * 1024;

const JUDGED = ['plain-c1', 'plain-c32', 'plain-c128', 'streamed-c1', 'paced-c8'];

/** One repetition of what is judged: a sample of what `docs/benchmarks.md` shows. */
export function speedChecks(): Check[] {
  let run: Promise<BenchResult> | undefined;
  const bench = () => (run ??= runBench(['--idle-streams', '--only', JUDGED.join(), '--turns', '5']));
  const check = (title: string, judge: (result: BenchResult) => string): Check => ({
    title,
    prove: async () => judge(await bench()),
  });
  return [
    check(
      'plain at 32 connections: ≥ 1.5 × the peer, ≥ 55 % of the bare loop, p99 no worse than the peer’s',
      (result) => judgeRatio(result, { scenario: 'plain-c32', least: 1.5 }),
    ),
    check('plain at 128 connections: ≥ 2 × the peer, ≥ 55 % of the bare loop, p99 no worse than the peer’s', (result) =>
      judgeRatio(result, { scenario: 'plain-c128', least: 2 }),
    ),
    check('plain at 1 connection: ≤ 1.5 ms added', (result) =>
      judgeAdded(result, { scenario: 'plain-c1', most: 1.5, read: ({ latencyMs }) => latencyMs?.p50 }),
    ),
    check('first token at 1 connection: ≤ 3 ms added', (result) =>
      judgeAdded(result, { scenario: 'streamed-c1', most: 3, read: ({ firstChunkMs }) => firstChunkMs?.p50 }),
    ),
    check('every chunk is forwarded at once', (result) =>
      judgeAdded(result, { scenario: 'paced-c8', most: 5, read: ({ chunkDelayMs }) => chunkDelayMs?.p50 }),
    ),
    check('2,000 slow streams: none lost or reordered, the gateway under 400 MB', judgeIdle),
  ];
}

function judgeRatio(result: BenchResult, { scenario, least }: { scenario: string; least: number }): string {
  const median = (figure: (own: Measured, other: Measured) => number, base = 'sluice', target = 'sluice') =>
    medianOfTurns(result, { scenario, target, base }, figure);
  const rate = (own: Measured) => own.requestsPerSecond;
  const asMultiple = (own: Measured, other: Measured) => own.requestsPerSecond / other.requestsPerSecond;
  const tail = (own: Measured) => own.latencyMs?.p99 ?? Infinity;
  const [ratio, share] = [median(asMultiple, 'portkey'), median(asMultiple, 'bare')];
  const [own, other] = [median(tail), median(tail, 'portkey', 'portkey')];
  const figures =
    `${Math.round(median(rate))} requests a second, ${ratio.toFixed(2)} × the peer, ` +
    `${Math.round(share * 100)} % of the bare loop, p99 ${own.toFixed(1)} ms against ${other.toFixed(1)} ms`;
  assert.ok(ratio >= least && share >= 0.55 && own <= other, figures);
  return figures;
}

function judgeAdded(
  result: BenchResult,
  { scenario, most, read }: { scenario: string; most: number; read: (one: Measured) => number | undefined },
): string {
  const added = medianOfTurns(
    result,
    { scenario, target: 'sluice', base: 'direct' },
    (own, other) => (read(own) ?? Infinity) - (read(other) ?? 0),
  );
  const figures = `${added.toFixed(2)} ms over a direct call`;
  assert.ok(added <= most, figures);
  return figures;
}

function judgeIdle({ idleStreams }: BenchResult): string {
  const found = idleStreams.find(({ target }) => target === 'sluice');
  assert.ok(found, 'the benchmark has no figure for it');
  const gatewayBytes = found.peakRssBytes['gateway'] ?? Infinity;
  const figures = `${found.completed} of ${found.streams} whole, ${found.chunks.lost} lost, ${found.chunks.reordered} reordered, gateway ${Math.round(gatewayBytes / 1024 / 1024)} MB`;
  const isWhole = found.completed === found.streams && found.chunks.lost === 0 && found.chunks.reordered === 0;
  assert.ok(isWhole && gatewayBytes < MAXIMUM_IDLE_GATEWAY_BYTES, figures);
  return figures;
}
