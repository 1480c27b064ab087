import type { Followed } from '../load/run-load.js';
import type { Evidence, LedgerRow } from './evidence.js';
import { WEBHOOK_INVARIANTS } from './webhook-invariants.js';

/** What must hold whatever happened. `check` tells each thing that breaks it. */
export interface Invariant {
  name: string;
  check(evidence: Evidence): string[];
}

const FINAL = new Set(['succeeded', 'failed', 'cancelled', 'expired']);
const TERMINAL_PARTS = new Set(['succeeded', 'failed', 'cancelled']);
const EXPECTED_STATES = { completed: 'succeeded', failed: 'failed' } as const;

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'every client is acknowledged, and its key always gives the same video',
    check: ({ clients }) =>
      clients.flatMap((client) => {
        if (client instanceof Error) return [client.message];
        return client.ids.size === 1 ? [] : [`${client.wish.idempotencyKey} gave ${[...client.ids].join(', ')}`];
      }),
  },
  {
    name: 'one generation per key, and none that nobody asked for',
    check: ({ rows, wishes }) => {
      const asked = new Set(wishes.map(({ prompt }) => prompt));
      return [
        ...repeated(rows.map(({ prompt }) => prompt)).map((prompt) => `twice: ${prompt}`),
        ...rows.filter(({ prompt }) => !asked.has(prompt)).map(({ id }) => `${id} was not asked for`),
      ];
    },
  },
  {
    name: 'every accepted generation ends exactly once',
    check: ({ clients, rows, events }) => {
      const kept = new Map(rows.map((row) => [row.id, row]));
      const ends = countEnds(events);
      return acknowledged(clients).flatMap(({ generationId }) => {
        const row = kept.get(generationId);
        if (row === undefined) return [`${generationId} is lost`];
        if (!FINAL.has(row.state)) return [`${generationId} is still ${row.state}`];
        const count = ends.get(generationId) ?? 0;
        return count === 1 ? [] : [`${generationId} has ${count} ends in its log`];
      });
    },
  },
  {
    name: 'submissions ≤ 1, and = 1 where it succeeded',
    check: ({ rows, submissions, wishes }) => {
      const states = new Map(rows.map(({ prompt, state }) => [prompt, state]));
      return wishes.flatMap(({ prompt }) => {
        const count = submissions.get(prompt) ?? 0;
        const isBad = count > 1 || (count !== 1 && states.get(prompt) === 'succeeded');
        return isBad ? [`${count} × ${prompt}`] : [];
      });
    },
  },
  {
    name: 'every generation ends as its upstream made it end',
    check: ({ rows, wishes }) => {
      const states = new Map(rows.map((row) => [row.prompt, row]));
      return wishes.flatMap(({ prompt, expected }) => {
        const row = states.get(prompt);
        return row === undefined || row.state === EXPECTED_STATES[expected]
          ? []
          : [`${row.id} ${row.state}: ${prompt}`];
      });
    },
  },
  { name: 'the ledger balances', check: checkLedger },
  {
    name: 'no lease is leaked',
    check: ({ rows, openLeases }) => [
      ...rows.filter(({ lease_id: lease }) => lease !== null).map(({ id }) => `${id} holds a slot`),
      ...(openLeases === 0 ? [] : [`${openLeases} slots are taken in Redis`]),
    ],
  },
  {
    name: "every file's checksum matches, and it is the right file",
    check: ({ rows, files }) => {
      const sums = new Map(rows.map((row) => [row.id, row.files.find(({ role }) => role === 'result')?.sha256]));
      return files.flatMap(({ generationId, status, sha256, isOwn }) => {
        if (status !== 200) return [`${generationId} answers ${status}`];
        if (sums.get(generationId) !== sha256) return [`${generationId} has other bytes`];
        return isOwn ? [] : [`${generationId} has another video's file`];
      });
    },
  },
  {
    name: 'the log has no gap, and every event client saw all of it in order',
    check: ({ clients, rows, events }) => [...gapsInLog(events), ...gapsAtClients(acknowledged(clients), rows)],
  },
  ...WEBHOOK_INVARIANTS,
];

function acknowledged(clients: Evidence['clients']): Followed[] {
  return clients.filter((client): client is Followed => !(client instanceof Error));
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}

function countEnds(events: Evidence['events']): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { generation_id: id, parts } of events) {
    const count = parts.filter(({ type }) => TERMINAL_PARTS.has(type)).length;
    if (count > 0) ends.set(id, (ends.get(id) ?? 0) + count);
  }
  return ends;
}

/** Per generation: what was reserved is what was used and given back, as soon as it has ended. */
function checkLedger({ rows, ledger }: Evidence): string[] {
  const lines = new Map<string, LedgerRow[]>();
  for (const line of ledger) lines.set(line.generation_id, [...(lines.get(line.generation_id) ?? []), line]);
  return rows.flatMap(({ id, state }) => {
    const sum = (kinds: readonly string[]): number =>
      (lines.get(id) ?? []).filter(({ kind }) => kinds.includes(kind)).reduce((total, { amount }) => total + amount, 0);
    const [reserved, closed] = [sum(['reserve']), sum(['settle', 'refund'])];
    if (reserved === 0) return [`${id} reserved nothing`];
    if (FINAL.has(state) && Math.abs(reserved - closed) > 1e-6)
      return [`${id}: ${reserved} reserved, ${closed} closed`];
    return state === 'succeeded' && sum(['settle']) === 0 ? [`${id} succeeded and settled nothing`] : [];
  });
}

function gapsInLog(events: Evidence['events']): string[] {
  const next = new Map<string, number>();
  const gaps: string[] = [];
  for (const { generation_id: id, first_sequence: first, part_count: count, parts } of events) {
    const due = next.get(id) ?? 1;
    if (first !== due || parts.length !== count) gaps.push(`${id}: ${first} where ${due} is due`);
    next.set(id, first + count);
  }
  return gaps;
}

function gapsAtClients(clients: readonly Followed[], rows: Evidence['rows']): string[] {
  const lasts = new Map(rows.map(({ id, last_sequence: last }) => [id, last]));
  return clients.flatMap(({ generationId, watched }) => {
    const wrong = watched.sequences.findIndex((sequence, index) => sequence !== index + 1);
    if (wrong >= 0) return [`${generationId}: saw ${watched.sequences[wrong]} where ${wrong + 1} was due`];
    if (watched.end === undefined) return [`${generationId}: its client never saw the end`];
    const last = lasts.get(generationId);
    return watched.sequences.length === last ? [] : [`${generationId}: saw ${watched.sequences.length} of ${last}`];
  });
}
