import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from './harness/eventually.js';
import { httpCall } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { QUICK, readSubmissions, untilEnded } from './scenarios/durable-videos.js';
import { createSession, KEY_MODELS, type OwnSession, WEB_MODELS } from './scenarios/grok.js';
import { isPicture } from './scenarios/images.js';

const sluice = sharedSluice();
const { gateway, adminToken, simulator = '' } = sluice.run;
const CONVERSATIONS = '/grok/rest/app-chat';

/** A session with a model that nobody else has. */
async function alone(): Promise<OwnSession & { model: string }> {
  const model = unique('grok-own');
  return { model, ...(await createSession(sluice, { models: [model] })) };
}

function ask(model: string, words: string, more: { stream?: boolean; headers?: Record<string, string> } = {}) {
  const { stream = false, headers = {} } = more;
  const body = { model, stream, messages: [{ role: 'user', content: words }] };
  return sluice.call('/v1/chat/completions', { body, headers });
}

const faultFor = ({ sso }: OwnSession, fault: object, times?: number) =>
  sluice.simulator.addFault({ match: { key: sso, path: CONVERSATIONS }, fault, ...(times && { times }) });

const stateOf = async ({ id }: OwnSession) => sluice.admin.readCredential(id);

describe('complaint 1, blocked requests', () => {
  it('an anti-bot 403 is told as one, and does not blame the account', async () => {
    const own = await alone();
    await faultFor(own, { status: 403 });
    const headers = { 'x-sluice-deadline-ms': '1500' };
    const { status, text } = await ask(own.model, 'hello', { headers });
    expect(status).toBe(503);
    expect(text).toMatch(/robot|anti.?bot/i);
    const seen = await eventually('it rests', async () => {
      const found = await stateOf(own);
      return found.state !== 'ready' && found;
    });
    expect(seen.state).toBe('degraded');
    expect(seen.reason).toContain('says nothing of the account');
    expect(Date.parse(seen.nextTryAt ?? '') - Date.now()).toBeLessThanOrEqual(60_000);
  });
});

describe('complaint 2, quota and state of tokens wrong', () => {
  it('what an account has left is its own word, minutes before anybody asks', async () => {
    const own = await alone();
    const test = async () => {
      const { text } = await sluice.admin.call('POST', `/credentials/${own.id}/test`);
      return text;
    };
    expect(await test()).toContain('"remaining":80');
    expect((await ask(own.model, 'one')).status).toBe(200);
    expect(await test()).toContain('"remaining":79');
  });

  it('a 429 stays a 429, and ends when it ends', async () => {
    const own = await alone();
    await faultFor(own, { status: 429 }, 1);
    const refused = await ask(own.model, 'hello', { headers: { 'x-sluice-deadline-ms': '300' } });
    expect(refused.status).toBe(429);
    expect((await ask(own.model, 'again')).status).toBe(200);
    expect(await stateOf(own)).toMatchObject({ state: 'ready' });
  });

  it('three failures do not make it dead: the next request is served', async () => {
    const own = await alone();
    await faultFor(own, { status: 500 }, 3);
    for (let count = 0; count < 3; count += 1) await ask(own.model, `fails ${count}`);
    expect(await stateOf(own)).toMatchObject({ state: 'ready' });
    expect((await ask(own.model, 'hello')).status).toBe(200);
  });

  it('a session that is over is refused as such, and comes back when it is mended', async () => {
    const own = await alone();
    await sluice.simulator.setKey({ key: own.sso, state: 'revoked' });
    await ask(own.model, 'hello', { headers: { 'x-sluice-deadline-ms': '500' } });
    await eventually('it is refused', async () => (await stateOf(own)).state === 'auth_failed');
    await sluice.simulator.setKey({ key: own.sso, state: 'accepted' });
    const tested = await sluice.admin.call('POST', `/credentials/${own.id}/test`);
    expect(tested.status).toBe(200);
    expect((await ask(own.model, 'again')).status).toBe(200);
  });
});

describe('complaint 3, links that work for the owner only', () => {
  it('pictures and videos lie with us: no session opens them, and none is shown', async () => {
    await createSession(sluice);
    const { data } = await sluice.openai.images.generate({ model: WEB_MODELS.image, prompt: 'a cat' });
    const { id } = await sluice.openai.videos.create({ model: WEB_MODELS.video as never, prompt: `a cat ${QUICK}` });
    expect(await untilEnded(sluice.openai, id)).toMatchObject({ status: 'completed' });
    const { url = '' } = data?.[0] ?? {};
    expect(url).not.toContain('/users/');
    expect((await httpCall({ url })).status).toBe(200);
    const film = await sluice.call(`/v1/videos/${id}/content`);
    expect([film.status, film.headers['content-type']]).toEqual([200, 'video/mp4']);
    expect((await sluice.bareCall(`/v1/videos/${id}/content`)).status).toBe(401);
  });
});

describe('complaint 4, videos', () => {
  it('what cannot be made is refused before anything is asked for', async () => {
    const prompt = unique('too long');
    const body = { model: WEB_MODELS.video, prompt, seconds: '40' };
    const { status, text } = await sluice.call('/v1/videos', { body });
    const failed = status === 200 ? await endOf(z.object({ id: z.string() }).parse(JSON.parse(text)).id) : text;
    expect(failed).toMatch(/seconds/);
    expect((await readSubmissions(simulator, prompt)).size).toBe(0);
  });

  it('one that is moderated, with and without an address, is over and told so', async () => {
    for (const model of [KEY_MODELS.video, WEB_MODELS.video]) {
      const prompt = `${unique('refused')} [[sim:queueMs=0,videoMs=100,moderated,videoFails]]`;
      const { id } = await sluice.openai.videos.create({ model: model as never, prompt });
      const ended = await untilEnded(sluice.openai, id);
      expect(ended).toMatchObject({ status: 'failed' });
      expect([...(await readSubmissions(simulator, prompt)).values()]).toEqual([1]);
    }
  });

  async function endOf(id: string): Promise<string> {
    return JSON.stringify(await untilEnded(sluice.openai, id));
  }
});

describe('complaint 5, empty and cut answers', () => {
  it.each(['empty-body', 'no-finish,chunks=1', 'error-in-200', 'error-in-stream=1', 'html'])(
    'a 200 with %s is no answer',
    async (markers) => {
      const own = await alone();
      await faultFor(own, Object.fromEntries(markers.split(',').map((marker) => faultOf(marker))));
      const whole = await ask(own.model, 'hello');
      expect(whole.status).toBeGreaterThanOrEqual(400);
      expect(whole.json()).toHaveProperty('error.message');
      const streamed = await ask(own.model, 'hello', { stream: true });
      expect(streamed.status >= 400 || streamed.text.includes('"error"')).toBe(true);
      expect(streamed.text).not.toContain('"finish_reason":"stop"');
    },
  );

  it('an answer that is cut in the middle says so', async () => {
    const own = await alone();
    await faultFor(own, { cutAfter: 6, chunks: 20 });
    const { text } = await ask(own.model, 'a few words', { stream: true });
    expect(text).toContain('"error"');
    expect(text).not.toContain('"finish_reason":"stop"');
  });
});

describe('complaint 6, the field of thoughts', () => {
  it('they are apart from the text, or in it, or nowhere, as the client says', async () => {
    await createSession(sluice);
    const told = async (fields: object) => {
      const messages = [{ role: 'user', content: 'think' }];
      const { text } = await sluice.call('/v1/chat/completions', {
        body: { model: WEB_MODELS.chat, messages, ...fields },
      });
      const { choices } = z
        .object({ choices: z.array(z.object({ message: z.object({ content: z.string() }).loose() })) })
        .parse(JSON.parse(text));
      return choices[0]?.message ?? { content: '' };
    };
    expect(await told({})).toMatchObject({
      content: expect.not.stringContaining('<think>') as string,
      reasoning_content: expect.stringContaining('Weighing') as string,
    });
    const inside = await told({ thinking: 'enabled' });
    expect(inside.content).toMatch(/^<think>\n[^]*Weighing[^]*\n<\/think>\n[^]*think/);
    expect(inside['reasoning_content']).toBeUndefined();
    const without = await told({ thinking: 'disabled' });
    expect([without.content.includes('Weighing'), without['reasoning_content']]).toEqual([false, undefined]);
  });
});

describe('complaint 7, pictures', () => {
  it('there is never the word "error" in place of one', async () => {
    const body = { model: WEB_MODELS.image, prompt: 'forbidden', n: 2, response_format: 'b64_json' };
    await createSession(sluice);
    const refused = await sluice.call('/v1/images/generations', { body });
    expect(refused.status).toBe(400);
    for (const format of ['b64_json', 'base64']) {
      const made = await sluice.call('/v1/images/generations', {
        body: { ...body, prompt: 'a', response_format: format },
      });
      const { data } = z.object({ data: z.array(z.record(z.string(), z.unknown())) }).parse(made.json());
      expect(data.map((item) => isPicture(Buffer.from(String(item[format]), 'base64')))).toEqual([true, true]);
    }
  });
});

describe('complaint 8, open doors', () => {
  it('without a key nothing is served, and a client’s key opens no admin page', async () => {
    expect((await sluice.bareCall('/v1/models')).status).toBe(401);
    expect((await sluice.call('/admin/api/credentials')).status).toBe(401);
  });
});

describe('complaints 9 and 12, imports', () => {
  it('an import adds, keeps tags and notes, and deletes nothing', async () => {
    const before = await alone();
    const token = unique('imported');
    const document = {
      ssoBasic: [`sso=${token}-1`, { token: `${token}-2`, tags: ['home'], note: 'mine', status: 'expired', quota: 3 }],
      ssoSuper: [{ token: `${token}-3`, status: 'disabled' }],
    };
    const tag = unique('tag');
    const path = `/admin/api/credentials/import?upstream=grok&tag=${tag}&allowPrivateNetwork=true&baseUrl=${encodeURIComponent(`${simulator}/grok`)}`;
    const headers = { authorization: `Bearer ${adminToken}` };
    const answer = await httpCall({ url: gateway + path, method: 'POST', body: document, headers });
    expect(answer.text).toContain('"created":3');
    expect(await stateOf(before)).toMatchObject({ state: 'ready' });
    const listed = await sluice.admin.call('GET', `/credentials?tag=${tag}`);
    const { credentials } = z
      .object({
        credentials: z.array(
          z.object({
            id: z.string(),
            tags: z.array(z.string()),
            notes: z.string().nullable(),
            enabled: z.boolean(),
            settings: z.looseObject({ plan: z.string() }),
          }),
        ),
      })
      .parse(listed.json());
    const told = credentials.map(({ tags, notes, enabled, settings }) => [tags.length, notes, enabled, settings.plan]);
    expect(told).toHaveLength(3);
    expect(told).toContainEqual([2, 'mine', true, 'basic']);
    expect(told).toContainEqual([1, null, false, 'super']);
    for (const { id } of credentials) await sluice.admin.call('DELETE', `/credentials/${id}`);
  });
});

function faultOf(marker: string): [string, unknown] {
  const [name = '', value] = marker.split('=');
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (camel === 'errorInStream') return ['errorAfter', Number(value)];
  return [camel, value === undefined ? true : Number(value)];
}
