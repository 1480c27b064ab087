import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { OperationStep, UpstreamFile } from '@sluice/upstream-kit/job';
import type { WebDraft } from './web.draft.js';
import { isModeration } from './web.error.js';
import { draftFile } from './web.files.js';
import { listDrafts, listPending } from './web.listing.js';
import { isLost, noteMissing, noteSeen, readOperation, toOperation, type WebOperation } from './web.operation.js';
import { removeReferences } from './web.references.js';
import type { WebAccount } from './web.request.js';

const MOST_PAGES = 20;
const MOST_BEFORE_THE_END = 99;
const ROUNDING = 1e-6;
/** A draft is no older than its task, but for the clocks. */
const CLOCKS_MS = 120_000;

/** One look at what the account has under way serves all of its videos; what is not there is looked for among its drafts. */
export async function pollVideos(operations: readonly Operation[], context: WebAccount): Promise<OperationStep[]> {
  const known = operations.map(readOperation);
  const pending = new Map((await listPending(context)).map((task) => [task['id'], task]));
  const gone = known.filter(({ id }) => !pending.has(id));
  const drafts = gone.length === 0 ? new Map<string, WebDraft>() : await findDrafts(gone, context);
  const stepOf = (operation: WebOperation): OperationStep => {
    const task = pending.get(operation.id);
    if (task) return pendingStep(task, operation);
    const draft = drafts.get(operation.id);
    return draft ? draftStep(draft, operation, context) : missingStep(operation, context.clock.now());
  };
  return Promise.all(known.map((operation) => withoutReferences(stepOf(operation), context)));
}

/** With the end of a video goes what was made for it alone; what could not be removed stays noted. */
async function withoutReferences(step: OperationStep, context: WebAccount): Promise<OperationStep> {
  if (step.type !== 'done' && step.type !== 'failed') return step;
  const operation = readOperation(step.operation);
  if (operation.references === undefined) return step;
  const references = await removeReferences(operation.references, context);
  return { ...step, operation: toOperation({ ...operation, references }) };
}

/** 0–99 of what is not done: null is told at first, and one at the very end. */
export function progressOf({ progress_pct: told }: JsonObject): number | undefined {
  if (typeof told !== 'number') return undefined;
  return Math.min(Math.max(Math.floor(told * 100 + ROUNDING), 0), MOST_BEFORE_THE_END);
}

export function missingStep(operation: WebOperation, nowMs: number): OperationStep {
  const noted = noteMissing(operation, nowMs);
  if (!isLost(noted, nowMs)) return { type: 'running', operation: toOperation(noted) };
  const message = 'The upstream does not know this task any more.';
  const error = {
    code: 'upstream_error',
    message,
    saw: 'refused',
    reason: 'expired',
    upstreamCode: 'not_found',
  } as const;
  return { type: 'failed', operation: toOperation(operation), error };
}

function pendingStep(task: JsonObject, operation: WebOperation): OperationStep {
  const { failure_reason: reason, status } = task;
  const kept = toOperation(noteSeen(operation));
  if (status !== 'failed') return { type: 'running', operation: kept, ...present({ progress: progressOf(task) }) };
  const message = typeof reason === 'string' && reason !== '' ? reason : 'The upstream could not make the video.';
  const code = isModeration(message) ? 'content_refused' : 'upstream_error';
  return { type: 'failed', operation: kept, error: { code, message, saw: 'refused' } };
}

function draftStep(draft: WebDraft, operation: WebOperation, context: WebAccount): OperationStep {
  const kept = toOperation({ ...noteSeen(operation), generationId: draft.id });
  if (draft.failure) return { type: 'failed', operation: kept, error: draft.failure };
  const rendition = operation.rendition === 'unmarked' && draft.urls.unmarked !== undefined ? 'unmarked' : 'usual';
  const files: UpstreamFile[] = [draftFile(draft.id, { rendition, role: 'result', context })];
  if (draft.urls.thumbnail !== undefined)
    files.push(draftFile(draft.id, { rendition: 'thumbnail', role: 'thumbnail', context }));
  const facts = present({ durationSeconds: draft.seconds, size: draft.size });
  return { type: 'done', operation: kept, files, facts: { ...facts, rendition, draft: draft.id } };
}

/** Pages are read until all are found, or nothing older can be any of them. */
export async function findDrafts(gone: readonly WebOperation[], context: WebAccount): Promise<Map<string, WebDraft>> {
  const wanted = new Set(gone.map(({ id }) => id));
  const found = new Map<string, WebDraft>();
  const oldestMs = Math.min(...gone.map(({ acceptedAtMs }) => acceptedAtMs)) - CLOCKS_MS;
  let pages = 0;
  for await (const { drafts, clockLeadMs = 0 } of listDrafts(context)) {
    for (const draft of drafts)
      if (draft.taskId !== undefined && wanted.has(draft.taskId)) found.set(draft.taskId, draft);
    const lastMs = drafts.at(-1)?.createdAtMs;
    const isPast = lastMs !== undefined && lastMs - clockLeadMs < oldestMs;
    if (found.size === wanted.size || isPast || (pages += 1) >= MOST_PAGES) break;
  }
  return found;
}
