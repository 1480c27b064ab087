import { z } from 'zod';
import type { Clock } from '../clock.js';
import { SimulatedFailure } from '../simulated-failure.js';

/** What keys of one project may do together with each model. */
export const quotaSchema = z.strictObject({
  keys: z.array(z.string().min(1)).min(1),
  /** Without it, each model has the quota for itself. */
  model: z.string().optional(),
  /** 0: the model is not in the project's plan. */
  limit: z.number().int().min(0),
  windowMs: z.number().int().min(1),
  unit: z.enum(['minute', 'day']).default('minute'),
});

export type Quota = z.infer<typeof quotaSchema>;

interface Standing {
  readonly quota: Quota;
  readonly keys: ReadonlySet<string>;
  readonly windows: Map<string, { startedAt: number; used: number }>;
}

/** Quotas of projects: shared by their keys, counted for each model. */
export class Quotas {
  #standing: Standing[] = [];

  constructor(readonly clock: Clock) {}

  declare(quota: Quota): void {
    this.#standing.push({ quota, keys: new Set(quota.keys), windows: new Map() });
  }

  clear(): void {
    this.#standing = [];
  }

  /** Keys that share a quota are of one project. */
  isOneProject(one: string, other: string): boolean {
    return one === other || this.#standing.some(({ keys }) => keys.has(one) && keys.has(other));
  }

  /** Counts the call; throws where it is one too many. */
  admit(key: string, model: string): void {
    for (const standing of this.#standing) {
      const concerned = standing.quota.model ?? model;
      if (model !== '' && concerned === model && standing.keys.has(key)) this.#count(standing, model);
    }
  }

  #count({ quota, windows }: Standing, model: string): void {
    const now = this.clock();
    let window = windows.get(model);
    if (window === undefined || now >= window.startedAt + quota.windowMs)
      windows.set(model, (window = { startedAt: now, used: 0 }));
    window.used += 1;
    if (window.used <= quota.limit) return;
    const waitMs = window.startedAt + quota.windowMs - now;
    throw new SimulatedFailure('rate-limited', {
      status: 429,
      message: `Quota of the project exceeded: limit ${quota.limit}, model ${model}.`,
      headers: { 'retry-after-ms': String(waitMs) },
      quota: { model, limit: quota.limit, unit: quota.unit, waitMs },
    });
  }
}
