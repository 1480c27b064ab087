import type { CredentialUse } from '@sluice/contracts/credential';

/** A model of the website: what it is called in a request, whose accounts have it, and what a call takes of the quota. */
export interface GrokWebModel {
  id: string;
  use: CredentialUse;
  /** `modelName` and `modelMode` of a request. */
  name: string;
  mode: string;
  /** The name by which its quota is asked for. */
  quota: string;
  /** `high` effort takes more of the window. */
  effort: 'low' | 'high';
  /** Accounts that have it, in the order in which they are tried. */
  plans: readonly ('basic' | 'super')[];
  /** What `high` effort costs where the upstream does not say; low costs 1. */
  cost: number;
}

const EVERYBODY = ['basic', 'super'] as const;
const PAYING = ['super'] as const;
const NEWER = 'grok-4-1-thinking-1129';

/** The models that clients of the website's older gateways ask for. A name that is none of these is sent as it is. */
export const GROK_WEB_MODELS: readonly GrokWebModel[] = [
  chat('grok-3', { name: 'grok-3', mode: 'GROK_3' }),
  chat('grok-3-mini', { name: 'grok-3', mode: 'GROK_3_MINI_THINKING' }),
  chat('grok-3-thinking', { name: 'grok-3', mode: 'GROK_3_THINKING' }),
  chat('grok-4', { name: 'grok-4', mode: 'GROK_4' }),
  chat('grok-4-mini', { name: 'grok-4-mini', mode: 'GROK_4_MINI_THINKING' }),
  chat('grok-4-thinking', { name: 'grok-4', mode: 'GROK_4_THINKING' }),
  { ...chat('grok-4-heavy', { name: 'grok-4', mode: 'HEAVY', cost: 4 }), quota: 'grok-4-heavy', plans: PAYING },
  chat('grok-4.1-mini', { name: NEWER, mode: 'GROK_4_1_MINI_THINKING' }),
  chat('grok-4.1-fast', { name: NEWER, mode: 'FAST' }),
  chat('grok-4.1-expert', { name: NEWER, mode: 'EXPERT', cost: 4 }),
  chat('grok-4.1-thinking', { name: NEWER, mode: 'GROK_4_1_THINKING', cost: 4 }),
  chat('grok-4.20-beta', { name: 'grok-420', mode: 'GROK_420' }),
  media('grok-imagine-1.0', { name: 'grok-3', use: 'image' }),
  media('grok-imagine-1.0-edit', { name: 'imagine-image-edit', use: 'image' }),
  media('grok-imagine-1.0-video', { name: 'grok-3', use: 'video' }),
];

function chat(id: string, { name, mode, cost = 1 }: { name: string; mode: string; cost?: number }): GrokWebModel {
  const effort = cost > 1 ? 'high' : 'low';
  return { id, use: 'chat', name, mode: `MODEL_MODE_${mode}`, quota: name, effort, plans: EVERYBODY, cost };
}

function media(id: string, { name, use }: { name: string; use: CredentialUse }): GrokWebModel {
  return { id, use, name, mode: 'MODEL_MODE_FAST', quota: 'grok-3', effort: 'high', plans: EVERYBODY, cost: 4 };
}
