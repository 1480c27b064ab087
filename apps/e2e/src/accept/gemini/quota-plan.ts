import { expectSuccess } from '../../harness/admin-client.js';
import { httpCall } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';

const PROJECTS = 20;
const KEYS_PER_PROJECT = 5;
const DAY_MS = 24 * 3_600_000;

/** What the keys of one project may do together with one model. */
export interface ProjectQuota {
  model: string;
  limit: number;
  windowMs: number;
  unit: 'minute' | 'day';
}

export interface QuotaPlan {
  /** Requests to be made, by model. */
  requests: Readonly<Record<string, number>>;
  keys: readonly string[];
  /** The end of a key is all that the upstream's journal shows of it. */
  projectOf(shownKey: string): number;
  quotasOf(project: number): readonly ProjectQuota[];
}

/** 100 keys in 20 projects: small and large limits, short and long windows, and some whose day is over soon. */
export function planQuotas(name: string): QuotaPlan {
  const [flash, pro] = [`${name}-gemini-3.5-flash`, `${name}-gemini-2.5-pro`];
  const keys = Array.from({ length: PROJECTS * KEYS_PER_PROJECT }, (_, number) => `sim-${name}-${serial(number)}`);
  return {
    requests: { [flash]: 4_000, [pro]: 1_000 },
    keys,
    projectOf: (shownKey) => Number(shownKey.slice(-4)) % PROJECTS,
    quotasOf(project) {
      const isSmall = project % 2 === 1;
      const ofFlash = {
        model: flash,
        limit: isSmall ? 8 : 14,
        windowMs: isSmall ? 3_000 : 5_000,
        unit: 'minute',
      } as const;
      // Google says of a used up day that it is closed for 0 s: what counts is that the day is named.
      if (project % 5 === 4) return [ofFlash, { model: pro, limit: 6, windowMs: DAY_MS, unit: 'day' }];
      return [ofFlash, { model: pro, limit: isSmall ? 4 : 6, windowMs: 4_000, unit: 'minute' }];
    },
  };
}

/** The credentials at the gateway, the quotas at the upstream. */
export async function establish(client: SluiceClient, plan: QuotaPlan): Promise<void> {
  for (const key of plan.keys) {
    const body = {
      ...client.admin.credential(key),
      upstream: 'gemini',
      secret: { apiKey: key },
      baseUrl: `${client.run.simulator}/gemini`,
      models: Object.keys(plan.requests),
      settings: { quotaGroup: `project-${plan.projectOf(key)}` },
    };
    expectSuccess(await client.admin.call('POST', '/credentials', body));
  }
  for (let project = 0; project < PROJECTS; project += 1) {
    const keys = plan.keys.filter((key) => plan.projectOf(key) === project);
    for (const quota of plan.quotasOf(project)) {
      const { status, text } = await httpCall({
        url: `${client.run.simulator}/__control/quotas`,
        body: { keys, ...quota },
      });
      if (status !== 201) throw new Error(`the simulator refuses a quota: ${text}`);
    }
  }
}

function serial(number: number): string {
  return String(number).padStart(4, '0');
}
