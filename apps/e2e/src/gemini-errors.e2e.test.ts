import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const RPC = 'type.googleapis.com/google.rpc.';
const METRIC = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
const QUOTA_MESSAGE = `You exceeded your current quota, please check your plan and billing details. \n* Quota exceeded for metric: ${METRIC}, limit: 2, model: gemini-2.5-pro\nPlease retry in 56.185908122s.`;
const info = (reason: string) => ({ '@type': `${RPC}ErrorInfo`, reason, domain: 'googleapis.com' });
const quota = (...ids: string[]) => ({
  '@type': `${RPC}QuotaFailure`,
  violations: ids.map((quotaId) => ({ quotaMetric: METRIC, quotaId, quotaDimensions: { location: 'global' } })),
});
const MINUTE = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';
const DAY = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';

interface Row {
  code: number;
  status: string;
  message: string;
  details?: object[];
  /** What the client is answered, how often the upstream is asked for it, and what becomes of the key. */
  told: { status: number; code: string | null; calls: number; state?: string; rests?: boolean };
}

const OF_KEY = { status: 502, code: 'upstream_auth', calls: 1, state: 'auth_failed' };
const ROWS: Record<string, Row> = {
  payload: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'Invalid JSON payload received. Unknown name "x" at \'generation_config\': Cannot find field.',
    details: [{ '@type': `${RPC}BadRequest`, fieldViolations: [{ field: 'generation_config', description: 'x' }] }],
    told: { status: 400, code: null, calls: 1 },
  },
  invalid: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'API key not valid. Please pass a valid API key.',
    details: [info('API_KEY_INVALID'), { '@type': `${RPC}LocalizedMessage`, locale: 'en-US', message: 'x' }],
    told: OF_KEY,
  },
  expired: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'API key expired. Please renew the API key.',
    details: [info('API_KEY_INVALID')],
    told: OF_KEY,
  },
  region: {
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'User location is not supported for the API use.',
    told: { status: 502, code: 'upstream_forbidden', calls: 1 },
  },
  keyless: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    told: OF_KEY,
  },
  suspended: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: "Permission denied: Consumer 'api_key:AIzaSecret' has been suspended.",
    told: OF_KEY,
  },
  leaked: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'Your API key was reported as leaked. Please use another API key.',
    told: OF_KEY,
  },
  missing: {
    code: 404,
    status: 'NOT_FOUND',
    message:
      'models/x is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.',
    told: { status: 404, code: 'model_not_found', calls: 1 },
  },
  minute: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: QUOTA_MESSAGE,
    details: [quota(MINUTE), { '@type': `${RPC}RetryInfo`, retryDelay: '56s' }],
    told: { status: 429, code: 'rate_limit_exceeded', calls: 1, rests: true },
  },
  day: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota.',
    details: [quota(MINUTE, DAY), { '@type': `${RPC}RetryInfo`, retryDelay: '0s' }],
    told: { status: 503, code: 'upstream_quota_exhausted', calls: 1, rests: true },
  },
  tier: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: QUOTA_MESSAGE.replace('limit: 2', 'limit: 0'),
    details: [quota(DAY)],
    told: { status: 502, code: 'upstream_forbidden', calls: 1, rests: true },
  },
  cancelled: {
    code: 499,
    status: 'CANCELLED',
    message: 'The operation was cancelled.',
    told: { status: 502, code: 'upstream_error', calls: 3 },
  },
  internal: {
    code: 500,
    status: 'INTERNAL',
    message:
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
    told: { status: 502, code: 'upstream_error', calls: 3 },
  },
  overloaded: {
    code: 503,
    status: 'UNAVAILABLE',
    message: 'The model is overloaded. Please try again later.',
    told: { status: 503, code: 'server_is_overloaded', calls: 3 },
  },
  deadline: {
    code: 504,
    status: 'DEADLINE_EXCEEDED',
    message: 'Deadline expired before operation could complete.',
    told: { status: 504, code: 'upstream_timeout', calls: 1 },
  },
};

/** A server that knows nothing but these bodies. */
let server: Server;
const calls = new Map<string, number>();

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, model = '', name = '', form = ''] = /\/models\/(([a-z]+)-([a-z]+)-[^:]+):/.exec(request.url ?? '') ?? [];
    const row = ROWS[name];
    calls.set(model, (calls.get(model) ?? 0) + 1);
    request.resume().on('end', () => {
      const { told: _, ...error } = row ?? { ...ROWS['missing'], code: 404 };
      const body = JSON.stringify({ error }, null, 2);
      const isStream = request.url?.includes('alt=sse') ?? false;
      response.writeHead(error.code, {
        'content-type': isStream ? 'text/event-stream' : 'application/json; charset=UTF-8',
      });
      response.end(
        form === 'list' ? `[${body}\n]` : form === 'event' ? `data: ${JSON.stringify({ error })}\r\n\r\n` : body,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

/** Each in one of the forms that all of them come in. */
const FORMS = ['plain', 'list', 'event'] as const;
const cases = Object.entries(ROWS).map(([name, { told }], place) => ({ name, form: FORMS[place % 3], ...told }));

it.each(cases)('$name, $form: the client is told $status, after $calls calls', async ({ name, form, ...told }) => {
  const model = unique(`${name}-${form}`);
  const { credentialId } = await sluice.admin.createModel({
    upstream: 'gemini',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret: { apiKey: unique('AIza') },
    models: [model],
  });
  const answer = await sluice.call('/v1/chat/completions', {
    body: { model, stream: form === 'event', messages: [{ role: 'user', content: 'hello' }] },
    headers: { 'x-sluice-deadline-ms': '4000' },
  });
  const { error } = answer.json() as { error: { code: string; message: string } };
  expect({ status: answer.status, code: error.code, calls: calls.get(model) }).toEqual({
    status: told.status,
    code: told.code,
    calls: told.calls,
  });
  expect(error.message).not.toContain('AIza');
  const { state = 'ready', rests = false } = told;
  await eventually(`the key is ${state}`, async () => {
    const shown = expectSuccess(await sluice.admin.call('GET', `/credentials/${credentialId}`)) as {
      state: string;
      restingModels?: Record<string, unknown>;
    };
    return shown.state === state && Object.keys(shown.restingModels ?? {}).length > 0 === rests;
  });
  await sluice.admin.call('DELETE', `/credentials/${credentialId}`);
});
