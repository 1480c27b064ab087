import type { DurableState } from '@sluice/contracts/durable-generation';
import type { GenerationStatus } from '@sluice/contracts/generation';
import { defineStatement } from '@sluice/platform-postgres/statement';

interface LoggedRow {
  id: string;
  kind: string;
  dialect: string;
  model: string;
  attempt: number;
  owner_key_id: string;
  owner_name: string | null;
  upstream: string | null;
  upstream_model: string | null;
  credential_id: string | null;
  account: string | null;
  created_at: Date;
  finished_at: Date | null;
  request_id: string | null;
}

export interface LoggedGeneration extends LoggedRow {
  state: DurableState;
  progress: number;
  /** JSON. */
  error: string | null;
  started_at: Date | null;
  deadline_at: Date;
  cancel_requested_at: Date | null;
  input: string | null;
}

export interface LoggedRequest extends LoggedRow {
  status: GenerationStatus;
  stream: boolean;
  error: unknown;
  usage: unknown;
}

type Maybe<Value> = Value | null;
type Conditions = [
  upstream: Maybe<string>,
  credentialId: Maybe<string>,
  ownerKeyId: Maybe<string>,
  model: Maybe<string>,
  since: Maybe<Date>,
];

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

export const listGenerationLog = defineStatement<
  LoggedGeneration,
  [
    after: Maybe<string>,
    kinds: Maybe<readonly string[]>,
    states: Maybe<readonly string[]>,
    ...Conditions,
    isInputWanted: boolean,
    limit: number,
  ]
>(sql('list-generation-log'));
export const listRequestLog = defineStatement<
  LoggedRequest,
  [after: Maybe<string>, statuses: Maybe<readonly string[]>, ...Conditions, limit: number]
>(sql('list-request-log'));
export const listEnded = defineStatement<
  { id: string; owner_key_id: string },
  [before: Date, states: Maybe<readonly string[]>, after: Maybe<string>, limit: number]
>(sql('list-ended'));
