import type { Clock } from '@sluice/contracts/clock';
import { credentialStateSchema } from '@sluice/contracts/credential';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';

const eventSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  /** `state`, `enabled`, `disabled`, or `secret` for a new one. */
  type: z.string(),
  state: credentialStateSchema,
  reason: z.string().nullable(),
  nextTryAt: z.iso.datetime().nullable(),
});
export const credentialEventsSchema = z.object({ events: z.array(eventSchema), nextCursor: z.string().optional() });
export type CredentialEventList = z.infer<typeof credentialEventsSchema>;

const querySchema = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must come from `nextCursor`')
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** What happened to each credential, and why: written by the database itself with every change of a state. */
export class CredentialEvents {
  constructor(
    private readonly postgres: Queryable,
    private readonly clock: Clock,
  ) {}

  /** The newest first. */
  async list(credentialId: string, query: unknown = {}): Promise<CredentialEventList> {
    const { cursor, limit } = parseBody(querySchema, query);
    const rows = await listEvents.all(this.postgres, credentialId, cursor ?? null, limit + 1);
    const events = rows.slice(0, limit).map(({ at, nextTryAt, ...event }) => ({
      ...event,
      at: at.toISOString(),
      nextTryAt: nextTryAt?.toISOString() ?? null,
    }));
    const last = events.at(-1);
    return { events, ...(rows.length > limit && last !== undefined && { nextCursor: String(last.id) }) };
  }

  /** Answers how many were past their time. */
  purge(keptMs: number): Promise<number> {
    return purgeEvents.run(this.postgres, new Date(this.clock.now() - keptMs));
  }
}

interface EventRow extends Omit<z.infer<typeof eventSchema>, 'at' | 'nextTryAt'> {
  at: Date;
  nextTryAt: Date | null;
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });
const listEvents = defineStatement<EventRow, [credentialId: string, before: string | null, limit: number]>(
  sql('list-credential-events'),
);
const purgeEvents = defineStatement<object, [before: Date]>(sql('purge-credential-events'));
