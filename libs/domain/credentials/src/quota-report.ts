import { credentialUseSchema } from '@sluice/contracts/credential';
import type { ReportedQuota } from './credential-counters.js';
import { ANY } from './credential-settings.js';

/** As an upstream's probe tells it. */
export interface QuotaReport {
  /** `*`, a use, or a use and a model: `video`, `chat grok-4-heavy`. */
  name: string;
  remaining: number;
  resetAtMs?: number;
}

/** What may be used of it. */
export function usableOf({ remaining }: Pick<QuotaReport, 'remaining'>, quotaReserve: number): number {
  return Math.max(0, Math.floor(remaining) - quotaReserve);
}

/** A name that tells no use is for operators to read; it limits nothing, and neither does a quota that never resets. */
export function toReportedQuotas(
  reports: readonly QuotaReport[],
  { nowMs, quotaReserve }: { nowMs: number; quotaReserve: number },
): ReportedQuota[] {
  return reports.flatMap(({ name, remaining, resetAtMs }) => {
    const [first = '', ...rest] = name.split(' ');
    const use = first === ANY ? ANY : credentialUseSchema.safeParse(first).data;
    if (use === undefined || resetAtMs === undefined) return [];
    return [
      {
        use,
        model: rest.join(' ') || ANY,
        remaining: usableOf({ remaining }, quotaReserve),
        resetAtMs,
        reportedAtMs: nowMs,
      },
    ];
  });
}
