import { z } from 'zod';
import { call } from '../call.js';
import type { Followed } from '../load/run-load.js';
import type { Wish } from '../load/plan.js';
import { askRedis } from '../system/stores.js';
import type { System } from '../system/system.js';
import type { HeardWebhook } from '../webhooks/heard-webhook.js';
import { ALLOWED, OF_REQUESTS } from '../webhooks/open-webhooks.js';
import { readFiles, type DownloadedFile } from './read-files.js';

const rowSchema = z.object({
  id: z.string(),
  state: z.string(),
  attempt: z.number(),
  lease_id: z.string().nullable(),
  operation_key: z.string().nullable(),
  last_sequence: z.number(),
  prompt: z.string(),
  files: z.array(z.object({ role: z.string(), sha256: z.string(), media: z.object({ bytes: z.number() }) })),
});
export type GenerationRow = z.infer<typeof rowSchema>;

const eventSchema = z.object({
  generation_id: z.string(),
  first_sequence: z.number(),
  part_count: z.number(),
  parts: z.array(z.looseObject({ type: z.string() })),
});
export type EventRow = z.infer<typeof eventSchema>;

const ledgerSchema = z.object({ generation_id: z.string(), kind: z.string(), amount: z.coerce.number() });
export type LedgerRow = z.infer<typeof ledgerSchema>;

const submissionsSchema = z.object({ submissions: z.array(z.object({ prompt: z.string(), accepted: z.number() })) });

/** All that a run left behind: the clients' side, the upstream's, and what the stores hold. */
export interface Evidence {
  wishes: readonly Wish[];
  clients: readonly (Followed | Error)[];
  rows: readonly GenerationRow[];
  events: readonly EventRow[];
  ledger: readonly LedgerRow[];
  /** Prompt → how often the upstream took it on. */
  submissions: ReadonlyMap<string, number>;
  files: readonly DownloadedFile[];
  /** In Redis, as it counts simultaneous uses. */
  openLeases: number;
  /** All that came to the webhooks' receiver. */
  heard: readonly HeardWebhook[];
  /** Endpoint of the receiver → what Sluice says of it. */
  attempts: ReadonlyMap<string, EndpointAttempts>;
}

const attemptsSchema = z.object({ endpoint_id: z.string(), tried: z.number(), delivered: z.number() });
export type EndpointAttempts = Pick<z.infer<typeof attemptsSchema>, 'tried' | 'delivered'>;

export async function gatherEvidence(
  system: System,
  { wishes, clients }: { wishes: readonly Wish[]; clients: readonly (Followed | Error)[] },
): Promise<Evidence> {
  const rows = await readRows(system);
  const answer = await call({ url: `${system.simulatorUrl}/__control/videos?limit=0`, timeoutMs: 60_000 });
  const { submissions } = submissionsSchema.parse(answer.json());
  return {
    wishes,
    clients,
    rows,
    events: z.array(eventSchema).parse(await select(system, EVENTS)),
    ledger: z.array(ledgerSchema).parse(await select(system, 'SELECT generation_id, kind, amount FROM ledger')),
    submissions: new Map(submissions.map(({ prompt, accepted }) => [prompt, accepted])),
    files: await readFiles(system, rows),
    openLeases: await countLeases(system),
    heard: [...system.webhooks.receiver.heard],
    attempts: await readAttempts(system),
  };
}

export async function readRows(system: System): Promise<GenerationRow[]> {
  return z.array(rowSchema).parse(await select(system, ROWS));
}

/** How many webhooks are still on their way to where they may go. */
export async function countUntold(system: System): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM webhook_delivery WHERE state = 'pending' AND endpoint_id = ANY ($1)`;
  const ids = [ALLOWED, OF_REQUESTS].map((name) => system.webhooks.ids.get(name));
  const { rows } = await system.database.query<{ count: number }>({ text, values: [ids] });
  return rows[0]?.count ?? 0;
}

async function readAttempts(system: System): Promise<Map<string, EndpointAttempts>> {
  const rows = z.array(attemptsSchema).parse(await select(system, ATTEMPTS));
  const counted = new Map(rows.map((row) => [row.endpoint_id, row]));
  return new Map([...system.webhooks.ids].map(([name, id]) => [name, counted.get(id) ?? { tried: 0, delivered: 0 }]));
}

const ATTEMPTS = `SELECT endpoint_id, sum(attempt)::int AS tried, count(*) FILTER (WHERE state = 'delivered')::int AS delivered
  FROM webhook_delivery GROUP BY endpoint_id`;
const ROWS = `SELECT id, state, attempt, lease_id, operation_key, last_sequence,
  input::json -> 'request' ->> 'prompt' AS prompt, files::json AS files FROM durable_generation WHERE kind = 'video'`;
const EVENTS = `SELECT generation_id, first_sequence, part_count, parts::json AS parts FROM durable_event
  ORDER BY generation_id, first_sequence`;

async function select({ database }: System, text: string): Promise<unknown[]> {
  return (await database.query<Record<string, unknown>>({ text })).rows;
}

const COUNT_LEASES =
  "local t=redis.call('TIME') local n=0 for _,k in ipairs(redis.call('KEYS','*:leases:*:video*')) do " +
  "n=n+redis.call('ZCOUNT',k,t[1]*1000,'+inf') end return n";

async function countLeases({ redis }: System): Promise<number> {
  const answer = await askRedis(redis.port, `EVAL "${COUNT_LEASES}" 0`);
  const counted = /^:(\d+)$/.exec(answer)?.[1];
  if (counted === undefined) throw new Error(`Redis answered ${answer}`);
  return Number(counted);
}
