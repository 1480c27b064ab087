import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { QUICK, untilEnded } from './scenarios/durable-videos.js';
import { createSession, type OwnSession } from './scenarios/grok.js';

/** What users of Sora2API and of gateways over the videos protocol complained of, as far as clients and operators see it. */
const sluice = sharedSluice();
const { gateway, simulator = '', apiKey } = sluice.run;
const sdk = sluice.openai;
const LONG = '[[sim:queueMs=0,videoMs=60000]]';
const MONTH_SECONDS = 30 * 86_400;

interface OwnVendor {
  id: string;
  model: string;
}
const vendors: OwnVendor[] = [];
let session: OwnSession & { model: string };

/** An account with a model that nobody else has. */
async function ownVendor(): Promise<OwnVendor> {
  const model = unique('film');
  const body = {
    upstream: 'sora',
    kind: 'videos-api',
    label: model,
    models: [model],
    limits: { video: 1 },
    secret: { apiKey: `sk-${model}` },
    baseUrl: `${simulator}/v1`,
    allowPrivateNetwork: true,
  };
  const { id } = expectSuccess(await sluice.admin.call('POST', '/credentials', body)) as { id: string };
  vendors.push({ id, model });
  return { id, model };
}

const make = (model: string, prompt: string) => sdk.videos.create({ model: model as never, prompt });
const generationOf = (videoId: string) => videoId.replace('video_', 'gen_');
const waiting = async (videoId: string) =>
  expectSuccess(await sluice.admin.call('GET', `/generations/${generationOf(videoId)}/waiting`)) as {
    state: string;
    credentialId: string | null;
    credentials: { id: string; obstacle: { type: string; reason: string } | null }[];
  };

beforeAll(async () => {
  const model = unique('grok-own');
  session = { model, ...(await createSession(sluice, { models: [model] })) };
});
afterAll(async () => {
  for (const { id } of [...vendors, session]) await sluice.admin.call('DELETE', `/credentials/${id}`);
});

it('complaint 1: which way out an upstream refuses is shown apart from the accounts', async () => {
  const match = { key: session.sso, path: '/grok/rest/app-chat' };
  await sluice.simulator.addFault({ match, fault: { status: 403 }, times: 1 });
  const body = { model: session.model, messages: [{ role: 'user', content: 'hello' }] };
  await sluice.call('/v1/chat/completions', { body, headers: { 'x-sluice-deadline-ms': '1500' } });
  const seen = await eventually('it is written down', async () => {
    const { ways } = expectSuccess(await sluice.admin.call('GET', '/proxies')) as { ways: { credentialId: string }[] };
    return ways.find(({ credentialId }) => credentialId === session.id);
  });
  expect(seen).toMatchObject({ upstream: 'grok', way: 'direct', reason: 'anti_bot', refusals: expect.any(Number) });
});

it('complaint 3: a place in the queue for the client; why each account waits, and who ran it, for the operator', async () => {
  const { id: account, model } = await ownVendor();
  const [first, second] = [await make(model, `one ${LONG}`), await make(model, `two ${LONG}`)];
  const running = await eventually('one runs', async () => {
    const told = await Promise.all([first, second].map(async ({ id }) => ({ ...(await waiting(id)), id })));
    return told.find(({ credentialId, state }) => state === 'submitted' && credentialId === account);
  });
  expect(running.credentials).toEqual([]);
  const left = running.id === first.id ? second : first;
  const view = (await sluice.call(`/v1/generations/${generationOf(left.id)}`)).json();
  expect(view).toMatchObject({ status: 'queued', position: expect.any(Number) });
  const { credentials } = await waiting(left.id);
  expect(credentials.find(({ id }) => id === account)?.obstacle).toEqual({
    type: 'in_use',
    reason: '1 of 1 places for video are taken.',
    until: null,
  });
  const others = credentials.filter(({ id }) => id !== account);
  expect(others.length).toBeGreaterThan(0);
  for (const { obstacle } of others) expect(obstacle?.reason).toMatch(/\w{3}/);
  for (const { id } of [left, running])
    await sluice.call(`/v1/generations/${generationOf(id)}/cancel`, { method: 'POST' });
  expect((await sluice.admin.call('GET', '/generations/gen_none/waiting')).status).toBe(404);
});

it('complaint 4: a picture by its link is fetched, or refused by the name of its field; it is never left out', async () => {
  const { model } = await ownVendor();
  const url = `${simulator}/nothing.png`;
  const content = [
    { type: 'text', text: `as here ${QUICK}` },
    { type: 'image_url', image_url: { url } },
  ];
  const body = { model, stream: true, messages: [{ role: 'user', content }] };
  const { status, text } = await sluice.call('/v1/chat/completions', { body });
  expect(status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ error: { param: 'messages[0].content[1].image_url.url' } });
});

it('complaints 5 and 7: the file is ours, for as long as is said, whatever becomes of the account', async () => {
  const { id: account, model } = await ownVendor();
  const { id } = await make(model, `kept ${QUICK}`);
  const video = await untilEnded(sdk, id);
  expect(video).toMatchObject({ status: 'completed', error: null });
  expect(Math.abs((video.expires_at ?? 0) - (video.completed_at ?? 0) - MONTH_SECONDS)).toBeLessThanOrEqual(2);
  expectSuccess(await sluice.admin.call('DELETE', `/credentials/${account}`));
  const content = await fetch(`${gateway}/v1/videos/${id}/content`, {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: 'manual',
  });
  expect([content.status, content.headers.get('content-type')]).toEqual([200, 'video/mp4']);
});

describe('its errors were all a 500, or no error object at all', () => {
  const message = { role: 'user', content: 'a cat' };
  const chat = { model: 'sora2-landscape-10s', messages: [message] };
  it.each<[string, string, unknown, number, string | null]>([
    ['no messages', '/v1/chat/completions', { ...chat, messages: [] }, 400, 'messages'],
    ['no words', '/v1/chat/completions', { ...chat, messages: [{ ...message, content: '' }] }, 400, 'messages'],
    ['a number for a model', '/v1/chat/completions', { ...chat, model: 7 }, 400, 'model'],
    ['a model of nobody', '/v1/chat/completions', { ...chat, model: 'sora9-none' }, 404, 'model'],
    ['a body that is none', '/v1/chat/completions', '{', 400, null],
    ['a video without a prompt', '/v1/videos', { model: 'sora-2' }, 400, 'prompt'],
    ['a video that is not there', '/v1/videos/video_none', undefined, 404, 'id'],
  ])('%s', async (_, path, body, status, param) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await sluice.call(path, { headers, ...(body !== undefined && { body }) });
    expect([answer.status, answer.json()]).toMatchObject([status, { error: { message: expect.stringMatching(/\w/) } }]);
    if (param !== null) expect(answer.json()).toMatchObject({ error: { param: expect.stringContaining(param) } });
  });

  it.each([undefined, 'Bearer han1234'])('the key %s', async (authorization) => {
    const answer = await sluice.bareCall('/v1/models', { ...(authorization && { headers: { authorization } }) });
    expect([answer.status, answer.json()]).toMatchObject([401, { error: { message: expect.any(String) } }]);
  });
});

it('its secrets lay open: ours are in no list, and no page of another origin reads what operators read', async () => {
  const { id, model } = await ownVendor();
  for (const path of [`/credentials/${id}`, '/credentials/export']) {
    const { status, text, headers } = await sluice.admin.call('GET', path);
    expect([status, text.includes(model), text.includes(`sk-${model}`)]).toEqual([200, true, false]);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});
