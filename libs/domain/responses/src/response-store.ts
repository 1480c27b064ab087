import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import * as statements from './response-statements.js';
import type { ChainLink, NewResponse, ResponseOutcome, StoredResponse } from './stored-response.js';

/** A longer conversation is refused, not forgotten in part. */
const LONGEST_CHAIN = 1_000;
const PURGE_BATCH = 1_000;

/** Responses that a later call may name. Whoever asks must own what is asked for: another's id is as unknown as none. */
export class ResponseStore {
  constructor(
    private readonly postgres: Queryable,
    private readonly clock: Clock,
  ) {}

  /** `on` a transaction where it must not be there without something else. */
  async insert(response: NewResponse, on: Queryable = this.postgres): Promise<void> {
    await statements.insertResponse.run(
      on,
      response.id,
      response.ownerKeyId,
      new Date(response.createdAtMs),
      response.previousResponseId ?? null,
      JSON.stringify(response.frame),
      JSON.stringify(response.input),
    );
  }

  /** Says how it ended, and answers how it really did: another may have said so before. */
  async complete(id: string, outcome: ResponseOutcome & { parts: readonly Part[] }): Promise<ResponseOutcome> {
    const { members, output, parts } = outcome;
    const kept = await statements.completeResponse.first(
      this.postgres,
      id,
      String(members['status']),
      JSON.stringify(members),
      JSON.stringify(output),
      JSON.stringify(parts),
    );
    return kept ? readOutcome(kept) : { members, output };
  }

  async find(id: string, ownerKeyId: string): Promise<StoredResponse | undefined> {
    const row = isId(id) ? await statements.findResponse.first(this.postgres, id, ownerKeyId) : undefined;
    if (!row) return undefined;
    const { members, output } = row;
    return {
      id: row.id,
      ownerKeyId: row.owner_key_id,
      createdAtMs: row.created_at.getTime(),
      previousResponseId: row.previous_response_id ?? undefined,
      frame: JSON.parse(row.frame) as JsonObject,
      input: JSON.parse(row.input) as JsonObject[],
      outcome: members === null || output === null ? undefined : readOutcome({ members, output }),
    };
  }

  /** The whole event log of one that has ended. */
  async findParts(id: string, ownerKeyId: string): Promise<Part[] | undefined> {
    const row = await statements.findResponseParts.first(this.postgres, id, ownerKeyId);
    return row?.parts == null ? undefined : (JSON.parse(row.parts) as Part[]);
  }

  /** The one named and all before it, the oldest first. Throws `invalid_request` where one of them is not there. */
  async findChain(id: string, ownerKeyId: string): Promise<ChainLink[]> {
    const rows = isId(id) ? await statements.findResponseChain.all(this.postgres, id, ownerKeyId, LONGEST_CHAIN) : [];
    const [oldest] = rows;
    if (!oldest) throw notFound(id);
    if (oldest.previous_response_id !== null) {
      throw rows.length < LONGEST_CHAIN ? notFound(oldest.previous_response_id) : tooLong();
    }
    return rows.map((row) => ({
      id: row.id,
      input: JSON.parse(row.input) as JsonObject[],
      output: row.output === null ? undefined : (JSON.parse(row.output) as JsonObject[]),
      bytes: row.input.length + (row.output?.length ?? 0),
    }));
  }

  /** True when something was there. */
  async delete(id: string, ownerKeyId: string): Promise<boolean> {
    return isId(id) && (await statements.deleteResponse.run(this.postgres, id, ownerKeyId)) > 0;
  }

  /** Answers how many were past their time. */
  async purge(keptMs: number): Promise<number> {
    const before = new Date(this.clock.now() - keptMs);
    let total = 0;
    for (;;) {
      const count = await statements.purgeResponses.run(this.postgres, before, PURGE_BATCH);
      total += count;
      if (count < PURGE_BATCH) return total;
    }
  }
}

/** Postgres refuses to look for a text that it cannot hold. */
function isId(id: string): boolean {
  return !id.includes('\0');
}

function readOutcome({ members, output }: { members: string; output: string }): ResponseOutcome {
  return { members: JSON.parse(members) as JsonObject, output: JSON.parse(output) as JsonObject[] };
}

const PARAM = 'previous_response_id';

function notFound(id: string): GatewayError {
  const reason = 'previous_response_not_found';
  return new GatewayError('invalid_request', `Previous response with id '${id}' not found.`, { param: PARAM, reason });
}

function tooLong(): GatewayError {
  const message = `The conversation before '${PARAM}' has more than ${LONGEST_CHAIN} responses. Send it as 'input'.`;
  return new GatewayError('invalid_request', message, { param: PARAM });
}
