import type { Wording } from './failure-presets.js';

export interface Violation {
  readonly unit: 'minute' | 'day' | 'tokens';
  readonly model: string;
  readonly limit: number;
}

const METRIC = 'generativelanguage.googleapis.com/generate_content_free_tier';
const LIMITS_URL = 'https://ai.google.dev/gemini-api/docs/rate-limits';
const QUOTA_IDS = {
  minute: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
  day: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
  tokens: 'GenerateContentInputTokensPerModelPerMinute-FreeTier',
};

/** The 429 of a project whose quotas for a model are used up. `waitMs` is what RetryInfo says, of a daily quota often 0 s. */
export function quotaWording(violations: readonly Violation[], waitMs: number): Wording {
  const lines = violations.map(
    ({ unit, model, limit }) => `* Quota exceeded for metric: ${metricOf(unit)}, limit: ${limit}, model: ${model}`,
  );
  const message = `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${LIMITS_URL}. To monitor your current usage, head to: https://ai.dev/rate-limit. \n${lines.join('\n')}\nPlease retry in ${toDuration(waitMs)}.`;
  return {
    status: 429,
    name: 'RESOURCE_EXHAUSTED',
    message,
    details: [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: violations.map(toViolation) },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Learn more about Gemini API quotas', url: LIMITS_URL }],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${Math.floor(waitMs / 1000)}s` },
    ],
  };
}

function toViolation({ unit, model, limit }: Violation): Record<string, unknown> {
  return {
    quotaMetric: metricOf(unit),
    quotaId: QUOTA_IDS[unit],
    quotaDimensions: { location: 'global', model },
    // Left out where nothing is allowed at all, as it was seen.
    ...(limit > 0 && { quotaValue: String(limit) }),
  };
}

function metricOf(unit: Violation['unit']): string {
  return `${METRIC}_${unit === 'tokens' ? 'input_token_count' : 'requests'}`;
}

/** Under a second in milliseconds, else in seconds, both with a fraction. */
function toDuration(waitMs: number): string {
  return waitMs < 1000 ? `${waitMs}ms` : `${waitMs / 1000}s`;
}
