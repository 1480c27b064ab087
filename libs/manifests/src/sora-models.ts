import type { CredentialUse } from '@sluice/contracts/credential';

/** A model of the historic website: what it is called in a request, and whose accounts have it. */
export interface SoraWebModel {
  id: string;
  use: CredentialUse;
  /** Accounts that have it, in the order in which they are tried; absent: all. */
  plans?: readonly SoraPlan[];
}

export const SORA_PLANS = ['free', 'plus', 'team', 'pro'] as const;
export type SoraPlan = (typeof SORA_PLANS)[number];

const LEVELS = ['short', 'medium', 'long'] as const;
const SECONDS = [10, 15, 20] as const;
const PRO = ['pro'] as const;

/** Only what the website makes. What clients of older gateways call a model is a route's to explain. */
export const SORA_WEB_MODELS: readonly SoraWebModel[] = [
  { id: 'sora-2', use: 'video' },
  // The same, of those accounts that may have 25 seconds.
  { id: 'sora-2-25s', use: 'video', plans: PRO },
  { id: 'sora-2-pro', use: 'video', plans: PRO },
  { id: 'gpt-image', use: 'image' },
  { id: 'gpt-image-landscape', use: 'image' },
  { id: 'gpt-image-portrait', use: 'image' },
  { id: 'avatar-create', use: 'character' },
  // A prompt is written out at length.
  ...LEVELS.flatMap((level) =>
    SECONDS.map((seconds) => ({ id: `prompt-enhance-${level}-${seconds}s`, use: 'chat' as const })),
  ),
];

/** `chatgpt_pro` is `pro`; a plan of another name keeps it. */
export function planOf(upstreamName: string): string {
  return upstreamName.toLowerCase().replace(/^chatgpt_/, '');
}
