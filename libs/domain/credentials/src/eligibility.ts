import type { Clock } from '@sluice/contracts/clock';
import type { Redis } from '@sluice/platform-redis/redis';
import { z } from 'zod';
import type { CredentialSearch } from './credential-search.js';
import { credentialQuerySchema } from './credential-query.js';
import type { LeaseRequest } from './credential-source.js';
import { type LeaseRule, rulesFor } from './lease-rule.js';
import { obstacleOf, obstacleSchema, type Uses, type Wanted } from './obstacle.js';
import type { StoredCredential } from './stored-credential.js';

export const eligibilitySchema = z.object({
  credentials: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: z.string(),
      plan: z.string().nullable(),
      /** Null: it would take it now. */
      obstacle: obstacleSchema.nullable(),
    }),
  ),
  nextCursor: z.string().optional(),
});
export type EligibilityView = z.infer<typeof eligibilitySchema>;

export type EligibilityAsk = Pick<LeaseRequest, 'upstream'> & Wanted;

const DEFAULT_LIMIT = 100;

/** For each credential of an upstream why it does not serve a request: an operator's glance, from rows and counts as they are. */
export class Eligibility {
  constructor(private readonly options: { search: CredentialSearch; redis: Redis; prefix: string; clock: Clock }) {}

  async explain(ask: EligibilityAsk, page: { cursor?: string; limit?: number } = {}): Promise<EligibilityView> {
    const { search, clock } = this.options;
    const nowMs = clock.now();
    const query = credentialQuerySchema.parse({ upstream: ask.upstream, limit: DEFAULT_LIMIT, ...page });
    const { rows, nextCursor } = await search.page(query, new Date(nowMs));
    const credentials = await Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        label: row.label,
        kind: row.kind,
        plan: row.settings.plan ?? null,
        obstacle: obstacleOf(row, ask, { uses: await this.usesOf(row, ask, nowMs), nowMs }) ?? null,
      })),
    );
    return { credentials, ...(nextCursor !== undefined && { nextCursor }) };
  }

  private async usesOf(row: StoredCredential, { use, model }: EligibilityAsk, nowMs: number): Promise<Uses> {
    const { redis, prefix } = this.options;
    const leases = `${prefix}:pool:leases:${row.id}:${use}`;
    const rules = rulesFor(row, { use, model, nowMs });
    // What has ended and was not cleared away yet does not count.
    const [busy, busyWithModel, ends] = await Promise.all([
      redis.zcount(leases, nowMs, '+inf'),
      redis.zcount(`${leases}:${model}`, nowMs, '+inf'),
      Promise.all(rules.map((rule) => this.usedUpUntil(rule, nowMs))),
    ]);
    const known = ends.filter((endMs) => endMs !== undefined);
    return { busy, busyWithModel, usedUpUntilMs: known.length === 0 ? undefined : Math.max(...known) };
  }

  /** As the lease script sees it. */
  private async usedUpUntil({ type, owner, name, count, perMs, cost = 1 }: LeaseRule, nowMs: number) {
    if (type === 'simultaneous') return undefined;
    const entry = await this.options.redis.hget(`${this.options.prefix}:pool:windows:${owner}`, name);
    const [endMs = 0, used = 0] = (entry ?? '').split(':').map(Number);
    const isOver = endMs <= nowMs;
    const left = count - (isOver ? 0 : used);
    if (left >= (type === 'requests' ? Math.max(1, cost) : 1)) return undefined;
    return isOver ? nowMs + perMs : endMs;
  }
}
