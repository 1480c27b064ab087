import type { ReasoningContent, RedactedReasoningContent } from '@sluice/contracts/chat';
import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';

/** What an upstream gave with a tool call, and wants back with it. */
export interface SignedFields {
  signature?: string;
  /** The signed reasoning that led to the call. */
  reasoning?: (ReasoningContent | RedactedReasoningContent)[];
}

/** Side fields of tool calls, by the id of the call; only their owner's calls bring them back. */
export class SignatureStore {
  constructor(
    private readonly postgres: Queryable,
    private readonly clock: Clock,
  ) {}

  async remember(
    { ownerKeyId, upstream }: { ownerKeyId: string; upstream: string },
    signed: ReadonlyMap<string, SignedFields>,
  ): Promise<void> {
    const fields = [...signed.values()].map((each) => JSON.stringify(each));
    await addSignatures.run(
      this.postgres,
      ownerKeyId,
      upstream,
      [...signed.keys()],
      fields,
      new Date(this.clock.now()),
    );
  }

  /** Of those, what one of the upstreams gave: nobody else can read it. */
  async find(
    { ownerKeyId, upstreams }: { ownerKeyId: string; upstreams: readonly string[] },
    toolCallIds: readonly string[],
  ): Promise<ReadonlyMap<string, SignedFields>> {
    const rows = await findSignatures.all(this.postgres, ownerKeyId, toolCallIds, upstreams);
    return new Map(rows.map(({ toolCallId, fields }) => [toolCallId, JSON.parse(fields) as SignedFields]));
  }

  async purge(keptMs: number): Promise<void> {
    await purgeSignatures.run(this.postgres, new Date(this.clock.now() - keptMs));
  }
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

const addSignatures = defineStatement<
  object,
  [ownerKeyId: string, upstream: string, toolCallIds: readonly string[], fields: readonly string[], at: Date]
>(sql('add-signatures'));
const findSignatures = defineStatement<
  { toolCallId: string; fields: string },
  [ownerKeyId: string, toolCallIds: readonly string[], upstreams: readonly string[]]
>(sql('find-signatures'));
const purgeSignatures = defineStatement<object, [before: Date]>(sql('purge-signatures'));
