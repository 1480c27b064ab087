import { judgeQuotaCalls, type ClosedWindow } from '@sluice/testing/judge-quota-calls';
import { z } from 'zod';
import { httpCall } from '../harness/http-call.js';

const CREATE = '/sora/backend/nf/create';
const PENDING = '/sora/backend/nf/pending/v2';
const MOST_AT_ONCE = 4_000;
const SECOND_MS = 1_000;

const recordSchema = z.object({
  sequence: z.number(),
  key: z.string(),
  receivedAt: z.number(),
  finishedAt: z.number().optional(),
  status: z.number().optional(),
  refusedForMs: z.number().optional(),
});
type Call = z.infer<typeof recordSchema>;
const answerSchema = z.object({ requests: z.array(recordSchema) });

/** What the simulated site was asked by some accounts. Its journal is short: it is read again and again. */
export class SoraCalls {
  private readonly created = new Map<number, Call>();
  private readonly looked = new Map<number, Call>();
  private readonly shown: ReadonlySet<string>;

  constructor(
    private readonly simulator: string,
    names: readonly string[],
  ) {
    this.shown = new Set(names.map((name) => `…${name.slice(-4)}`));
  }

  async read(): Promise<void> {
    await Promise.all([this.add(CREATE, this.created), this.add(PENDING, this.looked)]);
  }

  /** Of those that a quota refused: from then to its end. */
  closedWindows(graceMs: number): ClosedWindow[] {
    const calls = [...this.created.values()].map(({ key, receivedAt, finishedAt, refusedForMs }) => {
      return { project: key, model: 'sora', atMs: receivedAt, toldAtMs: finishedAt, refusedForMs };
    });
    return judgeQuotaCalls(calls, graceMs);
  }

  /** Of accounts that have so many until their reset: how long after it the next was taken on, where one was. */
  comebacks({ limit, resetSeconds }: { limit: number; resetSeconds: number }): number[] {
    return [...this.shown].flatMap((key) => {
      const taken = [...this.created.values()].filter((call) => call.key === key && call.status === 200);
      const [first = 0, ...later] = taken.map(({ receivedAt }) => receivedAt).toSorted((one, other) => one - other);
      const next = later[limit - 1];
      const waitedMs = (next ?? 0) - first - resetSeconds * SECOND_MS;
      // Before it: that account has more.
      return next === undefined || waitedMs < 0 ? [] : [waitedMs];
    });
  }

  /** Refusals of creation, by their status; those of a quota apart. */
  refusals(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status = 0, refusedForMs } of this.created.values()) {
      if (status < 400) continue;
      const name = refusedForMs === undefined ? String(status) : 'quota';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** How the lists of what is under way were read: by one loop of an account, or by several. */
  looks(): { count: number; mostInASecond: number; aSecond: number; atOnce: number } {
    const ordered = [...this.looked.values()].toSorted((left, right) => left.receivedAt - right.receivedAt);
    const series = [...this.shown].map((key) => ordered.filter((call) => call.key === key)).filter(hasSome);
    const spans = series.map((calls) => (calls.at(-1)?.receivedAt ?? 0) - (calls[0]?.receivedAt ?? 0) + SECOND_MS);
    return {
      count: this.looked.size,
      mostInASecond: Math.max(0, ...series.map(mostInASecond)),
      aSecond: (this.looked.size * SECOND_MS) / spans.reduce((sum, span) => sum + span, 0),
      atOnce: series.reduce((sum, calls) => sum + overlaps(calls), 0),
    };
  }

  private async add(path: string, to: Map<number, Call>): Promise<void> {
    const query = new URLSearchParams({ path, limit: String(MOST_AT_ONCE) });
    const answer = await httpCall({ url: `${this.simulator}/__control/requests?${query.toString()}` });
    for (const call of answerSchema.parse(answer.json()).requests)
      // One that is under way yet is read again when it is over.
      if (this.shown.has(call.key)) to.set(call.sequence, call);
  }
}

function hasSome(calls: readonly Call[]): boolean {
  return calls.length > 0;
}

function mostInASecond(calls: readonly Call[]): number {
  let first = 0;
  let most = 0;
  for (const [index, { receivedAt }] of calls.entries()) {
    while ((calls[first]?.receivedAt ?? 0) <= receivedAt - SECOND_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Calls that came before the one before them was answered. */
function overlaps(calls: readonly Call[]): number {
  return calls.filter(({ receivedAt }, index) => (calls[index - 1]?.finishedAt ?? 0) > receivedAt).length;
}
