import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { readBody } from '../http/read-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler } from '../vendor.js';
import { refusal } from './enter.js';
import { accountOfSession, mintAccessToken, mintRefreshToken, readRefreshToken } from './tokens.js';

const exchangeSchema = z.object({
  client_id: z.string().min(1),
  grant_type: z.literal('refresh_token'),
  redirect_uri: z.string().min(1),
  refresh_token: z.string().min(1),
});

/** GET /api/auth/session: an empty object for who is not signed in. */
export const handleSession: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { state } = context;
  const name = accountOfSession(exchange.request.headers.cookie ?? '');
  const account = name === undefined ? undefined : state.sora.account(name);
  const answer =
    account === undefined || account.isSignedOut || account.sessionEndsAtMs <= state.clock()
      ? {}
      : {
          accessToken: mintAccessToken(account, state.clock()),
          user: { id: `user-${account.name}`, name: account.name, email: `${account.name}@sim.test` },
          expires: new Date(state.clock() + 90 * 86_400_000).toISOString(),
          internalApiBase: null,
        };
  await sendBody(exchange, JSON.stringify(answer), fault);
};

/** POST /oauth/token: the refresh token that was shown is dead from now on. */
export const handleTokenExchange: Handler = async (exchange, context) => {
  const value = await readExchange(exchange);
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { state } = context;
  const shown = readRefreshToken(value.refresh_token);
  const account = shown && state.sora.account(shown.account);
  const isOver = account === undefined || account.isSignedOut || account.refreshEndsAtMs <= state.clock();
  if (isOver || shown?.number !== account.refreshNumber)
    throw refusal(400, 'The refresh token is not valid.', 'invalid_grant');
  if (account.rotates) account.refreshNumber += 1;
  const answer = {
    access_token: mintAccessToken(account, state.clock()),
    refresh_token: mintRefreshToken(account),
    expires_in: Math.floor(account.accessMs / 1_000),
    token_type: 'Bearer',
  };
  await sendBody(exchange, JSON.stringify(answer), fault);
};

/** JSON, or a form. */
async function readExchange(exchange: Exchange): Promise<z.infer<typeof exchangeSchema>> {
  if (!/urlencoded/.test(exchange.request.headers['content-type'] ?? ''))
    return (await readJsonBody(exchange, exchangeSchema)).value;
  const form = new URLSearchParams(await readBody(exchange.request));
  const parsed = exchangeSchema.safeParse(Object.fromEntries(form));
  if (parsed.success) return parsed.data;
  throw refusal(400, 'The form says too little.', 'invalid_request');
}
