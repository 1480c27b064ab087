import type { JsonObject } from '@sluice/contracts/json';

interface ToldError {
  code: number;
  status: string;
  message: string;
  details?: JsonObject[];
}

/** Google's error object, for tests. */
export function createErrorBody(error: ToldError): string {
  return JSON.stringify({ error });
}

export function createErrorInfo(reason: string): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' };
}

interface ToldQuota {
  /** `GenerateRequestsPerMinutePerProjectPerModel-FreeTier` and the like. */
  quotaIds: string[];
  limit?: number;
  /** Of RetryInfo: `56s`. */
  delay?: string;
  /** Of the message: `56.185908122s`. */
  exactDelay?: string;
}

/** The 429 of a used-up quota, for tests. */
export function createQuotaBody({ quotaIds, limit = 2, delay, exactDelay }: ToldQuota): string {
  const metric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
  const told = `* Quota exceeded for metric: ${metric}, limit: ${limit}, model: gemini-2.5-pro`;
  const retry = exactDelay === undefined ? '' : `\nPlease retry in ${exactDelay}.`;
  const violations = quotaIds.map((quotaId) => ({
    quotaMetric: metric,
    quotaId,
    quotaDimensions: { location: 'global', model: 'gemini-2.5-pro' },
  }));
  const details: JsonObject[] = [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations }];
  if (delay !== undefined) details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: delay });
  const message = `You exceeded your current quota, please check your plan and billing details. \n${told}${retry}`;
  return createErrorBody({ code: 429, status: 'RESOURCE_EXHAUSTED', message, details });
}
