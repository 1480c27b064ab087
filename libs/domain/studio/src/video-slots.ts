import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';

/** What one user may have made. */
export interface VideoLimits {
  simultaneous: number;
  /** A day is UTC's. */
  daily: number;
}

const DAY_MS = 24 * 60 * 60_000;
/** Longer than any video may take. */
const KEPT_MS = 8 * DAY_MS;

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

type TakeParameters = [
  generationId: string,
  userId: string,
  now: Date,
  usedSince: Date,
  dayBegan: Date,
  simultaneous: number,
  daily: number,
];

const lockUser = defineStatement<{ id: string }, [id: string]>(sql('lock-studio-user'));
const takeSlot = defineStatement<{ today: number; is_taken: boolean }, TakeParameters>(sql('take-video-slot'));
const purgeSlots = defineStatement<object, [until: Date]>(sql('purge-video-slots'));

/** Lets users make videos, never more than they may, however many calls come at once. */
export class VideoSlots {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /**
   * In the transaction that commits the generation, so that none is there without its slot and no refused or repeated call
   * costs one. Throws `rate_limited` or `quota_exhausted`.
   */
  async take(
    transaction: Queryable,
    { generationId, userId, limits }: { generationId: string; userId: string; limits: VideoLimits },
  ): Promise<void> {
    const now = this.options.clock.now();
    const dayBegan = now - (now % DAY_MS);
    const counts =
      (await lockUser.first(transaction, userId)) &&
      (await takeSlot.first(
        transaction,
        generationId,
        userId,
        new Date(now),
        new Date(now - KEPT_MS),
        new Date(dayBegan),
        limits.simultaneous,
        limits.daily,
      ));
    if (!counts) throw new GatewayError('unauthenticated', 'This account is not there any more.');
    if (!counts.is_taken) throw refusal(counts.today, limits, dayBegan + DAY_MS - now);
  }

  async purge(): Promise<void> {
    await purgeSlots.run(this.options.postgres, new Date(this.options.clock.now() - KEPT_MS));
  }
}

function refusal(today: number, { simultaneous, daily }: VideoLimits, untilTomorrowMs: number): GatewayError {
  if (today >= daily)
    return new GatewayError('quota_exhausted', `Your ${daily} videos of today are used up.`, {
      reason: 'QUOTA_EXCEEDED',
      retryAfterMs: untilTomorrowMs,
    });
  const text = `${simultaneous} of your videos are being made; start another when one of them is finished.`;
  return new GatewayError('rate_limited', text, { reason: 'TOO_MANY_JOBS' });
}
