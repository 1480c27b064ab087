import { strict as assert } from 'node:assert';
import type { SluiceClient } from '../harness/sluice-client.js';
import type { ErrorStatus } from './error-statuses.js';
import type { SdkCaller } from './sdk-callers.js';

const CLASSES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
};

/** The newest SDK tells more of them apart. */
const FINER: Readonly<Record<string, typeof CLASSES>> = {
  'anthropic 1': {
    413: 'ContentTooLargeError',
    503: 'ServiceUnavailableError',
    504: 'GatewayTimeoutError',
    529: 'OverloadedError',
  },
};

/** Throws unless the SDK makes of it what its documentation says of such a failure. Answers that in a line. */
export async function proveErrorStatus(
  client: SluiceClient,
  { caller, error }: { caller: SdkCaller; error: ErrorStatus },
): Promise<string> {
  const { family } = caller;
  const thrown = await error.provoke(caller, client).then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  const refusal = caller.refusalOf(thrown);
  assert.ok(refusal, `${String(thrown)} is no error of the SDK's`);
  const { className, type, message, requestId } = refusal;
  const status = error.statuses?.[family] ?? error.status;
  const told = `${className} ${refusal.status} ${type} ${refusal.code}: ${message}`;
  assert.deepEqual([refusal.status, className, type], [status, classOf(caller, status), error.types[family]], told);
  if (family === 'openai') assert.equal(refusal.code ?? null, error.code, told);
  assert.match(message, /\S{4}/, told);
  assert.match(requestId ?? '', /^req_/, told);
  return told;
}

function classOf({ name, family }: SdkCaller, status: number): string {
  if (family === 'google') return 'ApiError';
  return FINER[name]?.[status] ?? CLASSES[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
}
