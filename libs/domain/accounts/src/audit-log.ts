import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';

/** Who did what to what. The detail names fields, never what was in them. */
export interface AuditEntry {
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

const auditEventSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export const auditEventsSchema = z.object({ events: z.array(auditEventSchema), nextCursor: z.string().optional() });
export type AuditEventList = z.infer<typeof auditEventsSchema>;

const querySchema = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must come from `nextCursor`')
    .optional(),
  subject: z.string().min(1).optional(),
  action: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** The table `audit_event`: every change that an operator makes. Only ever added to. */
export class AuditLog {
  constructor(private readonly postgres: Queryable) {}

  async record({ actor, action, subject, detail }: AuditEntry): Promise<void> {
    await insertEvent.run(this.postgres, actor, action, subject, JSON.stringify(detail));
  }

  /** The newest first. */
  async list(query: unknown = {}): Promise<AuditEventList> {
    const { cursor, subject, action, limit } = parseBody(querySchema, query);
    const rows = await listEvents.all(this.postgres, cursor ?? null, subject ?? null, action ?? null, limit + 1);
    const events = rows.slice(0, limit).map(({ at, ...event }) => ({ ...event, at: at.toISOString() }));
    const last = events.at(-1);
    return { events, ...(rows.length > limit && last !== undefined && { nextCursor: String(last.id) }) };
  }
}

interface AuditRow extends AuditEntry {
  id: number;
  at: Date;
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });
const insertEvent = defineStatement<object, [actor: string, action: string, subject: string, detailJson: string]>(
  sql('insert-audit-event'),
);
const listEvents = defineStatement<
  AuditRow,
  [before: string | null, subject: string | null, action: string | null, limit: number]
>(sql('list-audit-events'));
