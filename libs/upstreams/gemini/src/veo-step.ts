import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { fileUrl } from './veo-file.js';
import { toOperation, type VeoOperation } from './veo-operation.js';
import { urisIn, type VeoAnswer } from './veo-schema.js';

/** Google keeps what it made for two days. */
const FILE_LIFE_MS = 2 * 24 * 60 * 60_000;
const MOST_BEFORE_THE_END = 99;
const LONGEST_MESSAGE = 2_000;

/** What a look at an operation says. */
export function toStep(answer: VeoAnswer, before: VeoOperation, at: { root: string; nowMs: number }): OperationStep {
  const { id, file: known, made } = before;
  const operation = toOperation({ id, ...(made && { made }) });
  const { error, done, metadata } = answer;
  if (error) return { type: 'failed', operation, error: toVeoError(error) };
  const [uri] = urisIn(answer);
  if (uri !== undefined) {
    const file = known ?? { uri, expiresAtMs: at.nowMs + FILE_LIFE_MS };
    const { url, isHome } = fileUrl(uri, at.root);
    const { expiresAtMs } = file;
    return {
      type: 'done',
      operation: toOperation({ id, file, ...(made && { made }) }),
      files: [{ url, role: 'result', needsCredential: isHome, expiresAtMs }],
      facts: present({
        filtered: filteredCount(answer) || undefined,
        durationSeconds: made?.seconds,
        size: made?.size,
      }),
    };
  }
  if (done === true) return { type: 'failed', operation, error: toEmptyError(answer) };
  const progress = metadata?.progressPercent;
  return {
    type: 'running',
    operation,
    ...(progress != null && { progress: Math.min(Math.max(Math.floor(progress), 0), MOST_BEFORE_THE_END) }),
  };
}

/** Of an operation that Google does not know, or not any more. */
export function toForgottenError(): ErrorData {
  const message = 'The upstream does not know this video any more.';
  return { code: 'upstream_error', message, saw: 'refused', reason: 'expired', upstreamCode: 'NOT_FOUND' };
}

/** Done, and nothing to be seen: mostly held back by what Google calls responsible use. */
function toEmptyError(answer: VeoAnswer): ErrorData {
  const reasons = answer.response?.generateVideoResponse?.raiMediaFilteredReasons ?? [];
  if (filteredCount(answer) === 0 && reasons.length === 0) {
    const message = 'The upstream ended the work and told of no video.';
    return { code: 'upstream_bad_answer', message, saw: 'refused' };
  }
  const told = reasons.join(' ').slice(0, LONGEST_MESSAGE);
  const message = told === '' ? 'The upstream made the video and holds it back for its content.' : told;
  return { code: 'content_refused', message, saw: 'refused', upstreamCode: 'RAI_FILTERED' };
}

function filteredCount({ response }: VeoAnswer): number {
  return response?.generateVideoResponse?.raiMediaFilteredCount ?? 0;
}

/** Final, whatever it says of keys and quotas: the work was taken on, and ended so. */
function toVeoError({ code, message }: NonNullable<VeoAnswer['error']>): ErrorData {
  const text = (message ?? '').slice(0, LONGEST_MESSAGE) || 'The upstream could not make the video.';
  const rpc = RPC.get(code ?? 0);
  return {
    code: /responsible ai|safety|violat|usage guidelines/i.test(text)
      ? 'content_refused'
      : (rpc?.code ?? 'upstream_error'),
    message: text,
    saw: 'refused',
    ...present({ upstreamCode: rpc?.name }),
  };
}

/** Numbers of google.rpc.Code. */
const RPC: ReadonlyMap<number, { name: string; code: ErrorCode }> = new Map([
  [1, { name: 'CANCELLED', code: 'cancelled' }],
  [3, { name: 'INVALID_ARGUMENT', code: 'invalid_request' }],
  [4, { name: 'DEADLINE_EXCEEDED', code: 'upstream_timeout' }],
  [5, { name: 'NOT_FOUND', code: 'upstream_error' }],
  [7, { name: 'PERMISSION_DENIED', code: 'upstream_forbidden' }],
  [8, { name: 'RESOURCE_EXHAUSTED', code: 'upstream_overloaded' }],
  [9, { name: 'FAILED_PRECONDITION', code: 'invalid_request' }],
  [13, { name: 'INTERNAL', code: 'upstream_error' }],
  [14, { name: 'UNAVAILABLE', code: 'upstream_overloaded' }],
]);
