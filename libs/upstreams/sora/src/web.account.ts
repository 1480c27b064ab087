import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { planOf } from '@sluice/manifests/sora-models';
import type { CredentialHealth } from '@sluice/upstream-kit/upstream';
import { randomInt } from 'node:crypto';
import { callWebJson, callWeb, type WebAccount, type WebCall } from './web.request.js';

/** Where a quota's end is not told, it is asked for again by then. */
const UNTOLD_RESET_MS = 3_600_000;
const NAMES_TRIED = 3;

/** A look at the account: who it is, its plan, what is left. What it lacks to make videos is put in order. */
export async function webProbe(context: WebAccount): Promise<CredentialHealth> {
  try {
    const me = await ask({ path: '/me' }, context);
    const plan = await readPlan(context);
    const hasVideos = await joins(context);
    if (hasVideos && me['username'] === null) await giveName(context);
    const video = hasVideos
      ? await readVideoQuota(context)
      : { name: 'video', remaining: 0, resetAtMs: later(context) };
    return {
      isUsable: true,
      ...(plan !== undefined && { plan }),
      ...(video && { quotas: [video] }),
      ...(!hasVideos && { reason: 'This account has no access to Sora 2: it makes pictures only.' }),
    };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    // A session that can be renewed is no end: the pool is told of it as of any other.
    const { sessionToken, refreshToken } = context.credential;
    const isOver = error.code === 'upstream_auth' && sessionToken === undefined && refreshToken === undefined;
    if (!isOver && error.data.reason !== 'phone_number_required') throw error;
    return { isUsable: false, reason: error.message };
  }
}

async function ask(call: WebCall, context: WebAccount): Promise<JsonObject> {
  const answer = await callWebJson(call, context);
  return isJsonObject(answer) ? answer : {};
}

async function readPlan(context: WebAccount): Promise<string | undefined> {
  const { data } = await ask({ path: '/billing/subscriptions' }, context);
  const [first] = Array.isArray(data) ? data : [];
  const plan = isJsonObject(first) ? first['plan'] : undefined;
  const id = isJsonObject(plan) ? plan['id'] : undefined;
  return typeof id === 'string' && id !== '' ? planOf(id) : undefined;
}

/** Whether the account has Sora 2; where it was not asked for yet, it is. */
async function joins(context: WebAccount): Promise<boolean> {
  if (await isMember(context)) return true;
  (await callWeb({ path: '/m/bootstrap' }, context)).discard();
  return isMember(context);
}

/** A 401 of this call alone, with this word, speaks of what the account has, and not of its token. */
async function isMember(context: WebAccount): Promise<boolean> {
  try {
    await ask({ path: '/project_y/invite/mine' }, context);
    return true;
  } catch (thrown) {
    const { code, message } = toGatewayError(thrown);
    if (code === 'upstream_auth' && /^unauthorized/i.test(message)) return false;
    throw thrown;
  }
}

/** Undefined where the site does not tell: what is not known is not nothing. */
async function readVideoQuota(
  context: WebAccount,
): Promise<NonNullable<CredentialHealth['quotas']>[number] | undefined> {
  const answer = await ask({ path: '/nf/check' }, context).catch((thrown: unknown): JsonObject => {
    const { code, data } = toGatewayError(thrown);
    if (code === 'upstream_auth' || code === 'challenge_required' || context.signal.aborted) throw thrown;
    return data.upstreamStatus === 404 ? { rate_limit_and_credit_balance: { estimated_num_videos_remaining: 0 } } : {};
  });
  const balance = answer['rate_limit_and_credit_balance'];
  if (!isJsonObject(balance)) return undefined;
  const free = balance['estimated_num_videos_remaining'];
  const bought = balance['estimated_num_purchased_videos_remaining'];
  const seconds = balance['access_resets_in_seconds'];
  if (typeof free !== 'number') return undefined;
  const resetAtMs = typeof seconds === 'number' && seconds > 0 ? context.clock.now() + seconds * 1_000 : later(context);
  return { name: 'video', remaining: free + (typeof bought === 'number' ? bought : 0), resetAtMs };
}

function later({ clock }: WebAccount): number {
  return clock.now() + UNTOLD_RESET_MS;
}

/** An account without a name can make nothing. */
async function giveName(context: WebAccount): Promise<void> {
  for (let attempt = 0; attempt < NAMES_TRIED; attempt += 1) {
    const username = `user${randomInt(1e9).toString().padStart(9, '0')}`;
    const { available } = await ask({ path: '/project_y/profile/username/check', body: { username } }, context);
    if (available !== true) continue;
    await ask({ path: '/project_y/profile/username/set', body: { username } }, context);
    return;
  }
  throw new GatewayError('upstream_error', 'The upstream takes none of the names for this account.', {
    saw: 'refused',
  });
}
