import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { OperationStep } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { readVendorError } from '@sluice/wire-openai-chat/decode-error';
import type { XaiCredential } from './grok.credential.js';
import { judge } from './xai.error.js';
import { getJson } from './xai.request.js';

type Context = AccountContext<XaiCredential>;

/** The vendor forgets a video after about an hour; one that it does not know sooner may only not be known everywhere yet. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;
const LINES = 8;
const MOST_BEFORE_THE_END = 99;
const POLL_AFTER_MS = 2_000;

/** One call a video: there is no listing. A look that fails leaves it as it was; only where none succeeds is it thrown. */
export async function pollVideos(operations: readonly Operation[], context: Context): Promise<OperationStep[]> {
  const steps: (OperationStep | undefined)[] = [];
  const failures: GatewayError[] = [];
  const rest = operations.entries();
  const line = async (): Promise<void> => {
    for (const [index, operation] of rest) {
      try {
        steps[index] = await look(operation, context);
      } catch (thrown) {
        if (context.signal.aborted) throw thrown;
        failures.push(toGatewayError(thrown));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LINES, operations.length) }, line));
  const [failure] = failures;
  if (failure !== undefined && failures.length === operations.length) throw failure;
  return operations.map((operation, index) => steps[index] ?? { type: 'running', operation });
}

async function look(operation: Operation, context: Context): Promise<OperationStep> {
  const { id, acceptedAtMs } = operation;
  if (typeof id !== 'string') throw new GatewayError('internal', 'An operation of this upstream has no id.');
  try {
    return toStep(await getJson(`/videos/${encodeURIComponent(id)}`, context), operation);
  } catch (thrown) {
    const { upstreamStatus } = toGatewayError(thrown).data;
    if (upstreamStatus !== 404) throw thrown;
    const ageMs = context.clock.now() - (typeof acceptedAtMs === 'number' ? acceptedAtMs : 0);
    if (ageMs < FORGOTTEN_AFTER_MS) return { type: 'running', operation, pollAfterMs: POLL_AFTER_MS };
    return { type: 'failed', operation, error: ended('The upstream does not know this video any more.', 'expired') };
  }
}

function toStep(answer: Json, operation: Operation): OperationStep {
  if (!isJsonObject(answer)) throw new GatewayError('upstream_bad_answer', 'The upstream told nothing of the video.');
  const { status, progress } = answer;
  if (status === 'done') return toEnd(answer, operation);
  if (status === 'failed') return { type: 'failed', operation, error: toVideoError(answer) };
  if (status === 'expired')
    return {
      type: 'failed',
      operation,
      error: ended('The video expired at the upstream before it was fetched.', 'expired'),
    };
  const percent = typeof progress === 'number' ? Math.min(Math.max(progress, 0), MOST_BEFORE_THE_END) : undefined;
  return { type: 'running', operation, ...present({ progress: percent }) };
}

/** Done without a URL is what moderation left of it, and final. */
function toEnd({ video, model, usage }: JsonObject, operation: Operation): OperationStep {
  const { url, duration, respect_moderation: isShown } = isJsonObject(video) ? video : {};
  if (isShown === false || typeof url !== 'string' || url === '') {
    const message = 'The upstream refused to show the video that it made.';
    return { type: 'failed', operation, error: { code: 'content_refused', message, saw: 'refused' } };
  }
  const ticks = isJsonObject(usage) ? usage['cost_in_usd_ticks'] : undefined;
  return {
    type: 'done',
    operation: { ...operation, url },
    files: [{ url, role: 'result', needsCredential: false }],
    facts: present({
      durationSeconds: typeof duration === 'number' ? duration : undefined,
      model: typeof model === 'string' ? model : undefined,
      costInUsdTicks: typeof ticks === 'number' ? ticks : undefined,
    }),
  };
}

function toVideoError(answer: JsonObject): ErrorData {
  const told = readVendorError({ error: answer['error'] ?? null });
  const { code, message } = judge(told ?? { message: 'The upstream could not make the video.' }, {}).data;
  const isRefused = code === 'content_refused' || told?.code === 'permission_denied';
  return {
    ...ended(told?.message ?? message, undefined),
    code: isRefused ? 'content_refused' : told?.code === 'invalid_argument' ? 'invalid_request' : 'upstream_error',
    ...present({ upstreamCode: told?.code }),
  };
}

/** Whatever it says: this video is over, and another attempt is another payment. */
function ended(message: string, reason: string | undefined): ErrorData {
  return { code: 'upstream_error', message, saw: 'refused', ...present({ reason }) };
}
