import type { AccountFacts } from '@sluice/contracts/account-facts';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { planOf } from '@sluice/manifests/sora-models';
import type { CredentialHealth } from '@sluice/upstream-kit/upstream';
import { randomInt } from 'node:crypto';
import { callWebJson, callWeb, type WebAccount, type WebCall } from './web.request.js';
import { endOf } from './web.tokens.js';

/** Where a quota's end is not told, it is asked for again by then. */
const UNTOLD_RESET_MS = 3_600_000;
const NAMES_TRIED = 3;

/** A look at the account: who it is, its plan, what is left. What it lacks to make videos is put in order. */
export async function webProbe(context: WebAccount): Promise<CredentialHealth> {
  try {
    const me = await ask({ path: '/me' }, context);
    const { plan, ...planFacts } = await readPlan(context);
    const invites = await joins(context);
    const hasVideos = invites !== undefined;
    const username = hasVideos && me['username'] === null ? await giveName(context) : textOf(me['username']);
    const video = hasVideos
      ? await readVideoQuota(context)
      : { name: 'video', remaining: 0, resetAtMs: later(context) };
    return {
      isUsable: true,
      ...(plan !== undefined && { plan }),
      account: { ...whoIs(me, context), ...present({ username }), ...planFacts, ...invites },
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

function whoIs(me: JsonObject, { credential: { accessToken } }: WebAccount): AccountFacts {
  const sessionEndsAtMs = accessToken === undefined ? undefined : endOf(accessToken);
  return present({ email: textOf(me['email']), name: textOf(me['name']), sessionEndsAtMs });
}

interface Plan extends Pick<AccountFacts, 'planTitle' | 'planEndsAtMs'> {
  plan?: string;
}

async function readPlan(context: WebAccount): Promise<Plan> {
  const { data } = await ask({ path: '/billing/subscriptions' }, context);
  // An account without a subscription has the plan that everybody has.
  if (Array.isArray(data) && data.length === 0) return { plan: 'free' };
  const [first] = Array.isArray(data) ? data : [];
  if (!isJsonObject(first)) return {};
  const { plan, end_ts: end } = first;
  const { id, title } = isJsonObject(plan) ? plan : {};
  const name = textOf(id);
  return present({
    plan: name && planOf(name),
    planTitle: textOf(title),
    planEndsAtMs: timeOf(end),
  });
}

/** Seconds of the year 5138, or milliseconds of 1973: no subscription ends there. */
const MILLISECONDS_FROM = 1e11;

/** A time as the site writes it: ISO, or a number. */
function timeOf(end: unknown): number | undefined {
  if (typeof end === 'number') return end < MILLISECONDS_FROM ? end * 1_000 : end;
  const atMs = typeof end === 'string' ? Date.parse(end) : Number.NaN;
  return Number.isFinite(atMs) ? atMs : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const countOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

type Invites = Pick<AccountFacts, 'inviteCode' | 'invitesRedeemed' | 'invitesTotal'>;

/** What an account with Sora 2 may hand on; where it was not asked for yet, it is. Undefined: it has none. */
async function joins(context: WebAccount): Promise<Invites | undefined> {
  const invites = await readInvites(context);
  if (invites) return invites;
  await askForVideos(context);
  return readInvites(context);
}

/** What it is refused for, the next look at it tells. */
async function askForVideos(context: WebAccount): Promise<void> {
  try {
    (await callWeb({ path: '/m/bootstrap' }, context)).discard();
  } catch (thrown) {
    if (!['upstream_auth', 'upstream_forbidden', 'not_found', 'invalid_request'].includes(toGatewayError(thrown).code))
      throw thrown;
  }
}

/** A 401 of this call alone, with this word, speaks of what the account has, and not of its token. */
async function readInvites(context: WebAccount): Promise<Invites | undefined> {
  try {
    const told = await ask({ path: '/project_y/invite/mine' }, context);
    return present({
      inviteCode: textOf(told['invite_code']),
      invitesRedeemed: countOf(told['redeemed_count']),
      invitesTotal: countOf(told['total_count']),
    });
  } catch (thrown) {
    const { code, message } = toGatewayError(thrown);
    if (code === 'upstream_auth' && /^unauthorized/i.test(message)) return undefined;
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
  const remaining = free + (typeof bought === 'number' ? bought : 0);
  const told = typeof seconds === 'number' && seconds > 0 ? context.clock.now() + seconds * 1_000 : undefined;
  // Before the first use no end is told: what is left then may be back long before a guess of ours would have it.
  const resetAtMs = told ?? (remaining === 0 ? later(context) : undefined);
  return { name: 'video', remaining, ...present({ resetAtMs }) };
}

function later({ clock }: WebAccount): number {
  return clock.now() + UNTOLD_RESET_MS;
}

/** An account without a name can make nothing. */
async function giveName(context: WebAccount): Promise<string> {
  for (let attempt = 0; attempt < NAMES_TRIED; attempt += 1) {
    const username = `user${randomInt(1e9).toString().padStart(9, '0')}`;
    const { available } = await ask({ path: '/project_y/profile/username/check', body: { username } }, context);
    if (available !== true) continue;
    await ask({ path: '/project_y/profile/username/set', body: { username } }, context);
    return username;
  }
  throw new GatewayError('upstream_error', 'The upstream takes none of the names for this account.', {
    saw: 'refused',
  });
}
