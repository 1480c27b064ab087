import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import type { ImportedRest } from '@sluice/manifests/upstream-manifest';
import type { Logger } from '@sluice/platform-logger/logger';
import { z } from 'zod';
import type { CredentialContents } from './credential-contents.js';
import { createCredentialSchema, parseCredentialBody } from './credential-input.js';
import { createCredentialId, type CredentialRepository } from './credential-repository.js';
import { ImportBatch, type ImportMatch, type PreparedRow } from './import-batch.js';
import {
  EXPORT_VARIABLES,
  importQuerySchema,
  readImportedRest,
  toImportBodies,
  type ImportQuery,
} from './import-bodies.js';
import { readImport, type ImportRow } from './read-import.js';

/** What became of one row. `duplicate`: it is there already, just so. `told`: what a foreign export holds beside credentials. */
export const importResultSchema = z.object({
  row: z.int(),
  status: z.enum(['created', 'updated', 'duplicate', 'failed', 'told']),
  id: z.string().optional(),
  /** Of the rest of an export: what was taken, in words, and what was not, and why. */
  taken: z.array(z.string()).optional(),
  left: z.array(z.string()).optional(),
  /** What its settings would be here. */
  settings: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ field: z.string(), message: z.string() }).optional(),
});
export type ImportResult = z.infer<typeof importResultSchema>;

export interface CredentialImportOptions {
  repository: CredentialRepository;
  contents: CredentialContents;
  clock: Clock;
  logger: Logger;
}

const ROWS_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** Takes what an export holds beside credentials, as far as the caller said; answers what was taken and what not. */
export type TakeRest = (
  rest: ImportedRest,
  also: NonNullable<ImportQuery['also']>,
) => Promise<Pick<ImportResult, 'taken' | 'left' | 'settings'>>;

/** Takes any number of credentials, batch by batch: each batch stands when its results have been told. */
export class CredentialImport {
  constructor(private readonly options: CredentialImportOptions) {}

  /** Throws at once for a wrong query; after that every failure is a row's. */
  run(body: AsyncIterable<Uint8Array>, query: unknown, takeRest?: TakeRest): AsyncGenerator<ImportResult[]> {
    return this.results(body, parseBody(importQuerySchema, query), takeRest);
  }

  private async *results(
    body: AsyncIterable<Uint8Array>,
    query: ImportQuery,
    takeRest?: TakeRest,
  ): AsyncGenerator<ImportResult[]> {
    let failed: ImportResult[] = [];
    let prepared: PreparedRow[] = [];
    let bytes = 0;
    const { match = 'secret' } = query;
    for await (const row of readImport(body, { variables: EXPORT_VARIABLES })) {
      const rest = takeRest && readImportedRest(row, query);
      if (rest) yield [{ row: row.row, status: 'told', ...(await takeRest(rest, query.also ?? [])) }];
      bytes += row.type === 'json' ? row.bytes : 0;
      for (const outcome of this.prepare(row, query)) {
        if ('status' in outcome) failed.push(outcome);
        else prepared.push(outcome);
        if (prepared.length + failed.length < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
        yield await this.write(prepared, failed, match);
        [prepared, failed, bytes] = [[], [], 0];
      }
    }
    if (prepared.length + failed.length > 0) yield await this.write(prepared, failed, match);
  }

  private *prepare(row: ImportRow, query: ImportQuery): Generator<PreparedRow | ImportResult> {
    let bodies: unknown[];
    try {
      bodies = toImportBodies(row, query);
    } catch (thrown) {
      yield toFailure(row.row, thrown);
      return;
    }
    for (const given of bodies) {
      try {
        const body = parseCredentialBody(createCredentialSchema, given);
        const id = createCredentialId();
        yield { row: row.row, id, body, content: this.options.contents.ofNew(id, body) };
      } catch (thrown) {
        yield toFailure(row.row, thrown);
      }
    }
  }

  private async write(
    prepared: readonly PreparedRow[],
    failed: readonly ImportResult[],
    match: ImportMatch,
  ): Promise<ImportResult[]> {
    const results = await this.writeBatch(prepared, match);
    return [...results, ...failed].toSorted((left, right) => left.row - right.row);
  }

  private async writeBatch(prepared: readonly PreparedRow[], match: ImportMatch): Promise<ImportResult[]> {
    const { repository, contents, clock, logger } = this.options;
    try {
      return await new ImportBatch({ repository, contents, match, at: new Date(clock.now()) }).write(prepared);
    } catch (error) {
      logger.error({ err: error }, 'a batch of an import could not be written');
      const failure = { field: 'row', message: 'could not be written; import it again' };
      return prepared.map(({ row }) => ({ row, status: 'failed', error: failure }));
    }
  }
}

function toFailure(row: number, thrown: unknown): ImportResult {
  if (!(thrown instanceof GatewayError)) throw thrown;
  const field = thrown.data.param ?? 'row';
  return { row, status: 'failed', error: { field, message: `row ${row}: ${thrown.message}` } };
}
