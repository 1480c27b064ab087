import { allTargets } from '../targets/all-targets.js';
import type { BenchRun, IdleStreams, Measurement } from '../measurement.js';
import type { Scenario } from '../scenario.js';
import { Figures } from './figures.js';
import { formatErrors, formatMegabytes, formatNumber, formatPercent, formatSpread } from './format-number.js';
import type { Table } from './table.js';

/** All tables of a run: one per scenario, then the comparisons the project steers by. */
export function resultTables(run: BenchRun, scenarios: readonly Scenario[]): Table[] {
  const order = { targets: allTargets.map(({ name }) => name), scenarios: scenarios.map(({ id }) => id) };
  const figures = new Figures(run.measurements, order);
  const tables = scenarios
    .filter(({ id }) => figures.scenarios.includes(id))
    .map((scenario) => scenarioTable(figures, scenario));
  tables.push(addedTable(figures), ratioTable(figures, ['portkey', 'bare']));
  if (run.idleStreams.length > 0) tables.push(idleTable(run.idleStreams));
  return tables.filter(({ rows }) => rows.length > 0);
}

function scenarioTable(figures: Figures, scenario: Scenario): Table {
  const isStream = scenario.kind !== 'plain';
  const streamHead = ['first chunk p50', 'p99', 'chunk delay p50', 'p99'];
  const head = [
    'req/s',
    'p50 ms',
    'p99',
    'p99.9',
    'CPU s/1000',
    'RSS MB',
    'idle %',
    'others %',
    'errors',
    ...(isStream ? streamHead : []),
  ];
  const rows = figures.targets.map((target) => {
    const place = { target, scenario: scenario.id };
    const of = (figure: (one: Measurement) => number | null | undefined): string =>
      formatSpread(figures.spread(place, figure));
    const cells = [
      target,
      of((one) => (one.completed === 0 ? null : one.requestsPerSecond)),
      of((one) => one.latencyMs?.p50),
      of((one) => one.latencyMs?.p99),
      of((one) => one.latencyMs?.p999),
      of((one) => one.cpuSecondsPer1000),
      formatMegabytes(figures.spread(place, (one) => one.rssBytes)?.max),
      formatPercent(figures.spread(place, (one) => one.machineShare?.idle)),
      formatPercent(figures.spread(place, (one) => one.machineShare?.others)),
      formatErrors(figures.errors(target, scenario.id)),
    ];
    const delays = [
      of((one) => one.firstChunkMs?.p50),
      of((one) => one.firstChunkMs?.p99),
      of((one) => one.chunkDelayMs?.p50),
      of((one) => one.chunkDelayMs?.p99),
    ];
    return isStream ? [...cells, ...delays] : cells;
  });
  return { title: titleOf(scenario), head: ['target', ...head], rows };
}

function titleOf({ id, kind, loop }: Scenario): string {
  const what = { plain: 'plain', streamed: 'streamed, 20 chunks at once', paced: 'streamed, a chunk every 10 ms' }[
    kind
  ];
  if (loop.type === 'open') return `${id}: ${what}, open loop, ${loop.ratePerSecond} requests a second`;
  return `${id}: ${what}, closed loop, ${loop.connections} connections`;
}

/** What stands between: over the stand-in called directly. */
function addedTable(figures: Figures): Table {
  const added = (target: string, scenario: string, figure: (one: Measurement) => number | undefined): string =>
    formatSpread(
      figures.compare({ target, base: 'direct', scenario }, (measured, direct) => {
        const [high, low] = [figure(measured), figure(direct)];
        return high === undefined || low === undefined ? undefined : high - low;
      }),
    );
  const rows = figures.targets.includes('direct')
    ? figures.targets
        .filter((target) => target !== 'direct')
        .map((target) => [
          target,
          added(target, 'plain-c1', (one) => one.latencyMs?.p50),
          added(target, 'streamed-c1', (one) => one.firstChunkMs?.p50),
          added(target, 'paced-c8', (one) => one.chunkDelayMs?.p50),
        ])
    : [];
  const head = ['target', 'plain p50 at 1', 'first chunk p50 at 1', 'chunk delay p50, paced'];
  return { title: 'Added over direct, ms', head, rows };
}

/** Requests a second against the peer and the limit of the design, within the same turn. */
function ratioTable(figures: Figures, bases: readonly string[]): Table {
  const rows = figures.scenarios.flatMap((scenario) =>
    /-c\d+$/.test(scenario) && !scenario.startsWith('paced')
      ? bases.flatMap((base) => ratioRow(figures, { base, scenario }))
      : [],
  );
  return { title: 'Requests a second as a multiple', head: ['scenario', 'of', ...figures.targets], rows };
}

function ratioRow(figures: Figures, { base, scenario }: { base: string; scenario: string }): string[][] {
  if (!figures.of(base, scenario).some(({ completed }) => completed > 0)) return [];
  const cells = figures.targets.map((target) =>
    formatSpread(
      figures.compare({ target, base, scenario }, (measured, other) =>
        measured.completed === 0 || other.completed === 0
          ? undefined
          : measured.requestsPerSecond / other.requestsPerSecond,
      ),
    ),
  );
  return [[scenario, base, ...cells]];
}

function idleTable(results: readonly IdleStreams[]): Table {
  const head = [
    'target',
    'streams',
    'whole',
    'lost',
    'reordered',
    'chunk delay p50 ms',
    'p99',
    'peak RSS MB',
    'errors',
  ];
  const rows = results.map((one) => [
    one.target,
    String(one.streams),
    String(one.completed),
    String(one.chunks.lost),
    String(one.chunks.reordered),
    formatNumber(one.chunkDelayMs?.p50),
    formatNumber(one.chunkDelayMs?.p99),
    Object.entries(one.peakRssBytes)
      .map(([name, bytes]) => `${name} ${formatMegabytes(bytes)}`)
      .join(', '),
    formatErrors(one.errors),
  ]);
  return { title: 'Idle streams: 20 chunks, one a second', head, rows };
}
