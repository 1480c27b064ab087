import assert from 'node:assert/strict';
import type { Check } from '../capability.js';
import { runBench } from './bench-result.js';
import type { BenchResult, Measured } from './bench-result.js';

const MAXIMUM_IDLE_GATEWAY_BYTES = 400 * 1024 * 1024;

/** One short repetition: a sample of what `docs/benchmarks.md` shows. */
export function speedChecks(): Check[] {
  let run: Promise<BenchResult> | undefined;
  const bench = () => (run ??= runBench(['--idle-streams']));
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

function find(result: BenchResult, target: string, scenario: string): Measured {
  const found = result.measurements.find((one) => one.target === target && one.scenario === scenario);
  assert.ok(found && found.completed > 0, `the benchmark has no figure for ${target}, ${scenario}`);
  return found;
}

function judgeRatio(result: BenchResult, { scenario, least }: { scenario: string; least: number }): string {
  const [sluice, peer, bare] = ['sluice', 'portkey', 'bare'].map((target) => find(result, target, scenario));
  assert.ok(sluice && peer && bare);
  const ratio = sluice.requestsPerSecond / peer.requestsPerSecond;
  const share = sluice.requestsPerSecond / bare.requestsPerSecond;
  const [own, other] = [sluice.latencyMs?.p99 ?? Infinity, peer.latencyMs?.p99 ?? 0];
  const figures =
    `${Math.round(sluice.requestsPerSecond)} requests a second, ${ratio.toFixed(2)} × the peer (${Math.round(peer.requestsPerSecond)}), ` +
    `${Math.round(share * 100)} % of the bare loop (${Math.round(bare.requestsPerSecond)}), p99 ${own.toFixed(1)} ms against ${other.toFixed(1)} ms`;
  assert.ok(ratio >= least && share >= 0.55 && own <= other, figures);
  return figures;
}

function judgeAdded(
  result: BenchResult,
  { scenario, most, read }: { scenario: string; most: number; read: (one: Measured) => number | undefined },
): string {
  const own = read(find(result, 'sluice', scenario)) ?? Infinity;
  const direct = read(find(result, 'direct', scenario)) ?? 0;
  const figures = `${(own - direct).toFixed(2)} ms over the ${direct.toFixed(2)} ms of a direct call`;
  assert.ok(own - direct <= most, figures);
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
