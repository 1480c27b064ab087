import type { Redis } from '@sluice/platform-redis/redis';
import { z } from 'zod';

const waySchema = z.object({
  upstream: z.string(),
  /** A proxy without its password, or `direct`. */
  way: z.string(),
  refusedAt: z.iso.datetime(),
  /** How often in a row, as the worker saw it that met it last. */
  refusals: z.int(),
  /** What the upstream did: `challenge_page`, `way_out_limited`, `unsupported_country_code` … */
  reason: z.string().nullable(),
  message: z.string(),
  /** With which account it was met; that says nothing of the account. */
  credentialId: z.string(),
  /** Until then accounts that stay with a proxy of the operator's list go another way. */
  avoidedUntil: z.iso.datetime().nullable(),
  /** When somebody came through again; null: nobody since. */
  servedAt: z.iso.datetime().nullable(),
});
export type RefusedWay = z.infer<typeof waySchema>;
export const waysOutSchema = z.object({ ways: z.array(waySchema) });

const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** The ways out that an upstream refused within the last days: workers write it down, operators read it. */
export class WayHealth {
  constructor(private readonly options: { redis: Redis; prefix: string }) {}

  async note(way: RefusedWay): Promise<void> {
    const { redis } = this.options;
    await redis.hset(this.key, `${way.upstream} ${way.way}`, JSON.stringify(way));
    await redis.expire(this.key, KEPT_SECONDS);
  }

  /** The newest refusal first. */
  async list(): Promise<z.infer<typeof waysOutSchema>> {
    const texts = await this.options.redis.hvals(this.key);
    const ways = texts.map((text) => waySchema.parse(JSON.parse(text)));
    return { ways: ways.toSorted((left, right) => right.refusedAt.localeCompare(left.refusedAt)) };
  }

  private get key(): string {
    return `${this.options.prefix}:ways`;
  }
}
