import type { Reasoning } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { modelFamily, type ModelFamily } from './model-family.js';

type Effort = NonNullable<Reasoning['effort']>;

/** `thinkingConfig`: a level for models from 3 on, a budget for 2.5, nothing for those before, which cannot think. */
export function encodeThinking(reasoning: Reasoning, model: string): JsonObject | undefined {
  const family = modelFamily(model);
  if (family.generation < FIRST_THINKING_GENERATION) return undefined;
  const { effort, budgetTokens, includeText } = reasoning;
  const isOff = effort === 'none' || budgetTokens === 0;
  const amount =
    family.generation >= FIRST_LEVEL_GENERATION
      ? { thinkingLevel: levelOf({ effort, budgetTokens }, family) }
      : { thinkingBudget: budgetOf({ effort, budgetTokens }, family) };
  return present({ ...amount, includeThoughts: includeText ?? (isOff ? undefined : true) });
}

const FIRST_THINKING_GENERATION = 2.5;
const FIRST_LEVEL_GENERATION = 3;

type Amount = { effort: Effort | undefined; budgetTokens: number | undefined };

const LEVELS: Record<Effort, string> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

function levelOf({ effort, budgetTokens }: Amount, { size, generation }: ModelFamily): string | undefined {
  if (effort === undefined && (budgetTokens === undefined || budgetTokens < 0)) return undefined;
  const level = LEVELS[effort ?? effortOf(budgetTokens ?? 0)];
  const hasNoMinimal = size === 'pro' || (size === 'flash' && generation === GENERATION_WITHOUT_MINIMAL);
  return level === 'MINIMAL' && hasNoMinimal ? 'LOW' : level;
}

/** 3.8-flash is the one flash model that refuses it. */
const GENERATION_WITHOUT_MINIMAL = 3.8;

function effortOf(budgetTokens: number): Effort {
  if (budgetTokens < LOW_BUDGET_TOKENS) return 'minimal';
  if (budgetTokens < MEDIUM_BUDGET_TOKENS) return 'low';
  return budgetTokens < HIGH_BUDGET_TOKENS ? 'medium' : 'high';
}

const LOW_BUDGET_TOKENS = 1_024;
const MEDIUM_BUDGET_TOKENS = 4_096;
const HIGH_BUDGET_TOKENS = 16_384;

const BUDGETS: Record<Effort, number> = {
  none: 0,
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

const LIMITS = {
  pro: { least: 128, most: 32_768, canBeOff: false },
  flash: { least: 1, most: 24_576, canBeOff: true },
  'flash-lite': { least: 512, most: 24_576, canBeOff: true },
};

/** What the model refuses becomes the nearest that it takes. -1 leaves it to the model. */
function budgetOf({ effort, budgetTokens }: Amount, { size }: ModelFamily): number | undefined {
  const wanted = budgetTokens ?? (effort && BUDGETS[effort]);
  if (wanted === undefined || wanted < 0) return wanted;
  const { least, most, canBeOff } = LIMITS[size];
  return wanted === 0 && canBeOff ? 0 : Math.min(most, Math.max(least, wanted));
}
