import type { Clock } from '@sluice/contracts/clock';
import { type HeldKey, IDEMPOTENCY_HOLD_MS, type IdempotencyStore } from '@sluice/domain-generations/idempotency-store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isInBackground } from '../responses/is-in-background.js';
import { captureAnswer, keptAnswerSchema } from './capture-answer.js';
import { claimOf, type ClaimRules } from './idempotency-claim.js';
import { keyInProgress, keyMismatch } from './idempotency-errors.js';

export interface IdempotencyOptions {
  store: IdempotencyStore;
  rules(): ClaimRules;
  /** Whether a call claims its key with what it makes, beside those of whole paths. */
  claimsItself?(request: FastifyRequest): boolean;
  clock: Clock;
  onError(error: unknown): void;
}

/** These claim their keys in the transaction that commits what they make. */
const DURABLE_PATH = /^\/(?:api\/)?v1\/(?:images|videos|characters|generations)(?:[/?]|$)/;
const NATIVE_VIDEO_PATH = /^\/v1beta\/models\/[^?]+(?::|%3A)predictLongRunning(?:\?|$)/i;
/** Their answers hold secrets, which are kept nowhere in the clear. */
const SECRET_PATH = /^\/(?:api\/)?v1\/webhooks(?:[/?]|$)/;
const RESPONSES_PATH = /^\/(?:api\/)?v1\/responses\/?(?:\?|$)/;
const MAKING_PATH = /^\/(?:api\/)?(?:v1|v1beta)\//;

/** Gives a call that was made before its first answer again, whole or streamed. A call without a key costs nothing. */
export function registerIdempotency(server: FastifyInstance, options: IdempotencyOptions): void {
  server.addHook('preHandler', (request, reply, done) => {
    if (request.method !== 'POST' || request.keyId === undefined) return done();
    if (!MAKING_PATH.test(request.url) || SECRET_PATH.test(request.url) || claimsItself(request)) return done();
    if (!mayClaim(request, options) || options.claimsItself?.(request)) return done();
    const goOn = (isAnswered: boolean) => isAnswered || done();
    begin({ request, reply }, options).then(goOn, done);
  });
}

function claimsItself({ url, body }: FastifyRequest): boolean {
  return DURABLE_PATH.test(url) || NATIVE_VIDEO_PATH.test(url) || (RESPONSES_PATH.test(url) && isInBackground(body));
}

/** Without a promise for nearly every call. */
function mayClaim({ headers }: FastifyRequest, { rules }: IdempotencyOptions): boolean {
  return headers['idempotency-key'] !== undefined || rules().allRetries;
}

/** True when the answer was given already. */
async function begin(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  options: IdempotencyOptions,
): Promise<boolean> {
  const claim = claimOf(request, bodyOf(request), options.rules());
  if (!claim) return false;
  const claimed = await options.store.claim(claim);
  if (claimed.type === 'held') {
    holdAndKeep(claimed.held, reply, options);
    // The client left meanwhile: its key is free again, and nothing is made for nobody.
    return reply.raw.destroyed;
  }
  const { known } = claimed;
  if (known.fingerprint !== claim.fingerprint) throw keyMismatch();
  if (known.answer === undefined) throw keyInProgress();
  giveAgain(reply, known.answer);
  return true;
}

/** Its own id and limits are this call's. */
function giveAgain(reply: FastifyReply, answer: string): void {
  const { status, headers, body } = keptAnswerSchema.parse(JSON.parse(answer));
  void reply
    .status(status)
    .headers({ ...headers, ...reply.getHeaders() })
    .header('idempotent-replayed', 'true')
    .send(Buffer.from(body, 'base64'));
}

/** A success is kept; after a failure the key is free, since to send it again is what the caller will do. */
function holdAndKeep(held: HeldKey, reply: FastifyReply, { store, clock, onError }: IdempotencyOptions): void {
  let stopHolding = () => {};
  const hold = () => {
    stopHolding = clock.after(IDEMPOTENCY_HOLD_MS / 3, () => {
      store.prolong(held).catch(onError);
      hold();
    });
  };
  hold();
  captureAnswer(reply.raw, (answer) => {
    stopHolding();
    const isKept = answer !== undefined && answer.status >= 200 && answer.status < 300;
    (isKept ? store.answer(held, JSON.stringify(answer)) : store.release(held)).catch(onError);
  });
}

/** Of a form only its size is known before it is read. */
function bodyOf(request: FastifyRequest): unknown {
  return request.body ?? { form: request.headers['content-length'] ?? null };
}
