import { afterAll, beforeEach, afterEach, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

const NAME = '__Secure-next-auth.session-token';
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => control('reset', {}));
afterEach(() => control('reset', {}));
afterAll(() => simulator.close());

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.url}/__control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

const sessionOf = async (cookie: string) =>
  (await fetch(`${simulator.url}/sora/api/auth/session`, { headers: { cookie } })).json() as Promise<object>;

async function exchange(refreshToken: string, toBody: (fields: Record<string, string>) => URLSearchParams | string) {
  const fields = { client_id: 'app', grant_type: 'refresh_token', redirect_uri: 'x', refresh_token: refreshToken };
  const answer = await fetch(`${simulator.url}/sora/oauth/token`, { method: 'POST', body: toBody(fields) });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}
const asForm = (fields: Record<string, string>) => new URLSearchParams(fields);
const asJson = (fields: Record<string, string>) => JSON.stringify(fields);

const signedIn = expect.objectContaining({ accessToken: expect.stringMatching(/^eyJ/) });

it('takes a session whole and in pieces, in any order', async () => {
  expect(await sessionOf(`${NAME}=sim-st-tom`)).toEqual(signedIn);
  expect(await sessionOf(`a=b; ${NAME}.1=-tom.xxx; ${NAME}.0=sim-st`)).toEqual(signedIn);
  expect(await sessionOf(`${NAME}.1=-tom`)).toEqual({});
});

it('takes a refresh token as a form and as JSON, and each once', async () => {
  expect((await exchange('rt_sim-tom-1', asForm)).json).toMatchObject({ refresh_token: 'rt_sim-tom-2' });
  expect((await exchange('rt_sim-tom-2', asJson)).json).toMatchObject({ refresh_token: 'rt_sim-tom-3' });
  expect((await exchange('rt_sim-tom-2', asForm)).status).toBe(400);
});

it('ends what has an end when its clock gets there', async () => {
  await control('sora/accounts', { account: 'tom', sessionMs: 60_000, refreshMs: 120_000, accessMs: 30_000 });
  const { accessToken } = (await sessionOf(`${NAME}=sim-st-tom`)) as { accessToken: string };
  const me = () =>
    fetch(`${simulator.url}/sora/backend/me`, { headers: { authorization: `Bearer ${accessToken}` } }).then(
      ({ status }) => status,
    );
  expect(await me()).toBe(200);
  await control('clock', { advanceMs: 61_000 });
  expect(await me()).toBe(401);
  expect(await sessionOf(`${NAME}=sim-st-tom`)).toEqual({});
  expect((await exchange('rt_sim-tom-1', asJson)).status).toBe(200);
  await control('clock', { advanceMs: 60_000 });
  expect((await exchange('rt_sim-tom-2', asJson)).status).toBe(400);
});
