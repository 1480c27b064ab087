import type { Evidence } from './invariants/evidence.js';
import type { Invariant } from './invariants/invariants.js';

export interface Finding {
  invariant: Invariant;
  broken: readonly string[];
}

const SHOWN = 5;

/** Faults → invariant → result, as a table that can be pasted into the docs. */
export function renderReport(options: {
  seed: number;
  faults: readonly string[];
  evidence: Evidence;
  findings: readonly Finding[];
}): string {
  const { seed, faults, evidence, findings } = options;
  const { clients, rows, submissions } = evidence;
  const followed = clients.flatMap((client) => (client instanceof Error ? [] : [client]));
  const lines = [
    `\nseed ${seed}: ${evidence.wishes.length} wishes, ${followed.length} acknowledged, ${rows.length} generations, ` +
      `${sum(submissions.values())} submissions`,
    `states: ${tally(rows.map(({ state }) => state))}`,
    `posts per wish: ${(sum(followed.map(({ posts }) => posts)) / Math.max(1, followed.length)).toFixed(1)}; ` +
      `event connections per client: ${(sum(followed.map(({ watched }) => watched.connections)) / Math.max(1, followed.length)).toFixed(1)}`,
    `faults (${faults.length}): ${tally(faults)}`,
    `upstream: ${tally(evidence.wishes.map(({ habit }) => habit))}`,
    `webhooks: ${tally(evidence.heard.map(({ endpoint, isAccepted }) => `${endpoint} ${isAccepted ? 'taken' : 'not taken'}`))}; ` +
      `tried at ${[...evidence.attempts].map(([name, { tried, delivered }]) => `${name} ${tried} (${delivered} delivered)`).join(', ')}`,
    '',
    '| invariant | result |',
    '| --- | --- |',
    ...findings.map(({ invariant, broken }) => `| ${invariant.name} | ${resultOf(broken)} |`),
  ];
  const details = findings.flatMap(({ broken }) => broken.slice(0, SHOWN).map((text) => `  ${text}`));
  return [...lines, ...details, ''].join('\n');
}

function resultOf(broken: readonly string[]): string {
  return broken.length === 0 ? 'holds' : `BROKEN (${broken.length})`;
}

function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
