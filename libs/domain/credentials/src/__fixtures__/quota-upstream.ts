import { setImmediate } from 'node:timers/promises';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { QuotaCall } from '@sluice/testing/judge-quota-calls';

/** What the keys of a project may do together with a model, per window; `daily`: till tomorrow, once it is used up. */
export interface ProjectLimit {
  count: number;
  perMs: number;
  daily?: number;
}

/** An upstream that counts for each project and model, and remembers every call. */
export class QuotaUpstream {
  readonly calls: QuotaCall[] = [];
  /** Calls that were answered, by key. */
  readonly served = new Map<string, number>();
  private readonly windows = new Map<string, { endsAtMs: number; used: number; usedToday: number }>();

  constructor(private readonly limitOf: (project: string, model: string) => ProjectLimit) {}

  /** Undefined where it is answered. */
  async call({ apiKey, model }: { apiKey: string; model: string }): Promise<ErrorData | undefined> {
    const [project = ''] = apiKey.split('/');
    const atMs = Date.now();
    const error = this.refusal(project, model, atMs);
    this.calls.push({ project, model, atMs, refusedForMs: error?.retryAfterMs });
    // The answer takes its time: others are asked meanwhile.
    await setImmediate();
    if (error === undefined) this.served.set(apiKey, (this.served.get(apiKey) ?? 0) + 1);
    return error;
  }

  private refusal(project: string, model: string, nowMs: number): ErrorData | undefined {
    const limit = this.limitOf(project, model);
    const key = `${project} ${model}`;
    const known = this.windows.get(key);
    const usedToday = known?.usedToday ?? 0;
    const window =
      known === undefined || known.endsAtMs <= nowMs ? { endsAtMs: nowMs + limit.perMs, used: 0, usedToday } : known;
    this.windows.set(key, window);
    if (window.usedToday >= (limit.daily ?? Number.POSITIVE_INFINITY)) {
      const message = "The upstream account's daily quota is used up.";
      return { code: 'upstream_quota_exhausted', message, retryAfterMs: 3_600_000, scope: 'model', saw: 'refused' };
    }
    window.used += 1;
    window.usedToday += 1;
    if (window.used <= limit.count) return undefined;
    const retryAfterMs = window.endsAtMs - nowMs;
    const message = `Please retry in ${retryAfterMs}ms.`;
    return { code: 'upstream_rate_limited', message, retryAfterMs, scope: 'model', saw: 'refused' };
  }
}
