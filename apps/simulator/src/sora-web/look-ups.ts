import { z } from 'zod';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { SimulatorState } from '../simulator-state.js';
import type { Handler } from '../vendor.js';
import { enter, refusal } from './enter.js';
import type { SoraAccount } from './sora-account.js';

const TITLES: Readonly<Record<string, string>> = {
  chatgpt_free: 'ChatGPT Free',
  chatgpt_plus: 'ChatGPT Plus',
  chatgpt_team: 'ChatGPT Team',
  chatgpt_pro: 'ChatGPT Pro',
};

/** A look-up whose answer follows from the account alone. */
function lookUp(tell: (account: SoraAccount, state: SimulatorState) => unknown): Handler {
  return async (exchange, context) => {
    const { answered, fault, account } = await enter(exchange, context);
    if (!answered) await sendBody(exchange, JSON.stringify(tell(account, context.state)), fault);
  };
}

export const handleMe = lookUp(({ name, username }) => ({ email: `${name}@sim.test`, name, username }));

export const handleProfile = lookUp(({ name, username, plan }) => ({
  profile: { user_id: `user-${name}`, username, display_name: name, plan_type: plan, can_cameo: true },
  my_info: { email: `${name}@sim.test`, is_phone_number_verified: true, is_underage: false },
}));

export const handleSubscriptions = lookUp(({ plan }, { clock }) => ({
  data: [{ plan: { id: plan, title: TITLES[plan] }, end_ts: new Date(clock() + 30 * 86_400_000).toISOString() }],
}));

export const handleInvite = lookUp(({ hasSora2 }) => {
  if (!hasSora2) throw refusal(401, 'Unauthorized: no access to Sora 2.');
  return { invite_code: 'SIM123', redeemed_count: 0, total_count: 6 };
});

export const handleBootstrap = lookUp((account) => {
  if (account.joins) account.hasSora2 = true;
  return {};
});

export const handleCheck = lookUp((account, { clock }) => {
  if (!account.hasSora2) throw refusal(404, 'Not found.');
  return { rate_limit_and_credit_balance: balanceOf(account, clock()) };
});

export function balanceOf(account: SoraAccount, nowMs: number) {
  const { remaining, resetsInSeconds } = account.balance(nowMs);
  return {
    estimated_num_videos_remaining: remaining,
    estimated_num_purchased_videos_remaining: 0,
    credit_remaining: remaining,
    rate_limit_reached: remaining === 0,
    access_resets_in_seconds: resetsInSeconds,
  };
}

const nameSchema = z.object({ username: z.string().min(1) });

export const handleNameCheck: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, nameSchema);
  const { answered, fault } = await enter(exchange, context);
  if (answered) return;
  const available = !value.username.includes('taken') && !context.state.sora.cameos.isTaken(value.username);
  await sendBody(exchange, JSON.stringify({ available }), fault);
};

export const handleNameSet: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, nameSchema);
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  account.username = value.username;
  await sendBody(exchange, JSON.stringify({ username: value.username }), fault);
};
