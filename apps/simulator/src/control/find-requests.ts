import { z } from 'zod';
import { wait } from '../faults/wait.js';
import type { Journal } from './journal.js';
import { showRecord, type Outcome, type RequestRecord } from './request-record.js';

export const requestQuerySchema = z.strictObject({
  /** Any part of the prompt. */
  prompt: z.string().optional(),
  /** The start of the path. */
  path: z.string().optional(),
  model: z.string().optional(),
  /** The whole key. */
  key: z.string().optional(),
  /** How many records to list, the newest. */
  limit: z.coerce.number().int().min(0).default(50),
  /** Hold the answer until so many matching requests have got as far as that. */
  'wait-for': z.enum(['received', 'finished', 'aborted', 'cut']).optional(),
  count: z.coerce.number().int().min(1).default(1),
  'timeout-ms': z.coerce.number().int().min(0).max(600_000).default(5_000),
});

export type RequestQuery = z.infer<typeof requestQuerySchema>;

/** Counts and lists the matching requests, at once or when the awaited number is reached. */
export async function findRequests(journal: Journal, query: RequestQuery, gone: AbortSignal): Promise<unknown> {
  const isSatisfied = () => {
    const awaited = query['wait-for'];
    return awaited === undefined || countMatching(journal, query)[awaited] >= query.count;
  };
  if (!isSatisfied()) await waitFor({ journal, isSatisfied, timeoutMs: query['timeout-ms'], gone });
  const matching = [...journal.records()].filter((record) => isMatch(record, query));
  return {
    satisfied: isSatisfied(),
    counts: countMatching(journal, query),
    forgotten: journal.forgotten,
    concurrency: journal.concurrency.show(query.key),
    requests: matching.slice(Math.max(0, matching.length - query.limit)).map(showRecord),
  };
}

type Counts = Record<'received' | 'failed' | Outcome, number>;

function countMatching(journal: Journal, query: RequestQuery): Counts {
  const counts: Counts = { received: 0, open: 0, finished: 0, aborted: 0, cut: 0, failed: 0 };
  if (isUnfiltered(query)) counts.received = journal.forgotten;
  for (const record of journal.records()) {
    if (!isMatch(record, query)) continue;
    counts.received += 1;
    counts[record.outcome] += 1;
    if (record.status !== undefined && record.status >= 400) counts.failed += 1;
  }
  return counts;
}

function isUnfiltered({ prompt, path, model, key }: RequestQuery): boolean {
  return prompt === undefined && path === undefined && model === undefined && key === undefined;
}

function isMatch(record: RequestRecord, query: RequestQuery): boolean {
  return (
    record.path.startsWith(query.path ?? '') &&
    (query.prompt === undefined || record.prompt?.includes(query.prompt) === true) &&
    (query.model === undefined || record.model === query.model) &&
    (query.key === undefined || record.key === query.key)
  );
}

interface Waiting {
  readonly journal: Journal;
  readonly isSatisfied: () => boolean;
  readonly timeoutMs: number;
  readonly gone: AbortSignal;
}

async function waitFor({ journal, isSatisfied, timeoutMs, gone }: Waiting): Promise<void> {
  const reached = new AbortController();
  const unwatch = journal.watch(() => {
    if (isSatisfied()) reached.abort();
  });
  await wait(timeoutMs, AbortSignal.any([reached.signal, gone]));
  unwatch();
}
