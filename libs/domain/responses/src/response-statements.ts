import { defineStatement } from '@sluice/platform-postgres/statement';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

export interface ResponseRow {
  id: string;
  owner_key_id: string;
  created_at: Date;
  previous_response_id: string | null;
  frame: string;
  input: string;
  members: string | null;
  output: string | null;
}

export const insertResponse = defineStatement<
  never,
  [id: string, owner: string, createdAt: Date, previous: string | null, frame: string, input: string]
>(sql('insert-response'));

export const completeResponse = defineStatement<
  { members: string; output: string },
  [id: string, status: string, members: string, output: string, parts: string]
>(sql('complete-response'));

export const findResponse = defineStatement<ResponseRow, [id: string, owner: string]>(sql('find-response'));

export const findResponseParts = defineStatement<{ parts: string | null }, [id: string, owner: string]>(
  sql('find-response-parts'),
);

export const findResponseChain = defineStatement<
  Pick<ResponseRow, 'id' | 'previous_response_id' | 'input' | 'output'>,
  [id: string, owner: string, limit: number]
>(sql('find-response-chain'));

export const deleteResponse = defineStatement<never, [id: string, owner: string]>(sql('delete-response'));
export const purgeResponses = defineStatement<never, [before: Date, limit: number]>(sql('purge-responses'));
