import type { DurableKind, DurableState } from '@sluice/contracts/durable-generation';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { StepRow } from './durable-step.js';

const sql = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url);

export const findStep = defineStatement<StepRow, [id: string]>({ name: 'find-step', url: sql('find-step') });

export const intendSubmission = defineStatement<
  { attempt: number; last_sequence: number },
  [
    id: string,
    attempt: number,
    epoch: number,
    leaseId: string,
    credentialId: string,
    baseUrl: string,
    upstream: string,
    model: string,
    now: Date,
    lookAt: Date,
  ]
>({ name: 'intend-submission', url: sql('intend-submission') });

export const findAttempt = defineStatement<
  { attempt: number; epoch: number; state: DurableState; last_sequence: number },
  [id: string]
>({ name: 'find-attempt', url: sql('find-attempt') });

export const findOperationOwner = defineStatement<
  { id: string },
  [upstream: string, baseUrl: string, operationKey: string]
>({ name: 'find-operation-owner', url: sql('find-operation-owner') });

export const advanceDurable = defineStatement<
  { id: string; state: DurableState; attempt: number; last_sequence: number; version: number },
  [changes: string, now: Date]
>({ name: 'advance-durable', url: sql('advance-durable') });

/** A row of `list-polls.sql`. */
export interface PollRow {
  id: string;
  kind: DurableKind;
  attempt: number;
  base_url: string;
  operation: string;
  progress: number;
  submitted_at: Date;
  deadline_at: Date;
  last_sequence: number;
  poll_at: Date;
  upstream_model: string;
  lease_id: string;
}

export const listPolls = defineStatement<PollRow, [credentialId: string, after: Date, until: Date, limit: number]>({
  name: 'list-polls',
  url: sql('list-polls'),
});

export const nextPoll = defineStatement<{ next_at: Date | null }, [credentialId: string]>({
  name: 'next-poll',
  url: sql('next-poll'),
});

export const listOwnedOperations = defineStatement<
  { operation_key: string },
  [upstream: string, baseUrl: string, generationId: string, since: Date]
>({ name: 'list-owned-operations', url: sql('list-owned-operations') });

/** A row of `list-due-steps.sql`. */
export interface DueStep {
  id: string;
  queue_upstream: string;
  state: DurableState;
  next_step_at: Date;
  is_cancelling: boolean;
}

export const listDueSteps = defineStatement<DueStep, [until: Date, after: string, limit: number]>({
  name: 'list-due-steps',
  url: sql('list-due-steps'),
});

export const listDuePolls = defineStatement<{ upstream: string; credential_id: string }, [until: Date]>({
  name: 'list-due-polls',
  url: sql('list-due-polls'),
});

export const listSlots = defineStatement<
  { upstream: string; credential_id: string; upstream_model: string; lease_id: string; kind: DurableKind },
  [upstreams: readonly string[] | null]
>({ name: 'list-slots', url: sql('list-slots') });

export const listOverdue = defineStatement<
  { id: string; state: DurableState; attempt: number },
  [now: Date, lateUntil: Date, limit: number]
>({ name: 'list-overdue', url: sql('list-overdue') });

export const listOutdatedFiles = defineStatement<{ id: string; files: string }, [now: Date, limit: number]>({
  name: 'list-outdated-files',
  url: sql('list-outdated-files'),
});

export const forgetFiles = defineStatement<never, [ids: readonly string[]]>({
  name: 'forget-files',
  url: sql('forget-files'),
});

export const postponeFiles = defineStatement<never, [ids: readonly string[], until: Date]>({
  name: 'postpone-files',
  url: sql('postpone-files'),
});

export const checkLedger = defineStatement<
  { generation_id: string; reserved: number; accounted: number; state: DurableState | null },
  [since: Date, limit: number]
>({ name: 'check-ledger', url: sql('check-ledger') });

export const sumLedger = defineStatement<
  { unit: string; reserved: number; settled: number; refunded: number; open: number },
  []
>({ name: 'sum-ledger', url: sql('sum-ledger') });
