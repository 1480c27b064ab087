import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { chatBody } from './harness/sluice-client.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const post = (path: string) => sluice.call(path, { body: chatBody('hello') });
const put = (name: string, value: unknown) => sluice.admin.call('PUT', `/settings/${name}`, { value });

describe('paths that operators add', () => {
  /** One test: they are everybody's, and the chat's own paths stay served throughout. */
  it('are served from the next call on, and gone with their setting', async () => {
    const own = `/${unique('own')}`;
    const tenant = `/${unique('tenant')}`;
    expect((await post(own)).status).toBe(404);
    expect((await put('APPEND_CHAT', ` ${own}/chat , ${own} `)).json()).toMatchObject({ value: [`${own}/chat`, own] });
    expect((await put('PREFIX_CHAT', [tenant])).status).toBe(200);
    for (const path of [own, `${own}/chat/`, `${tenant}/v1/chat/completions`, '/v1/chat/completions'])
      expect([path, (await post(path)).status]).toEqual([path, 200]);
    expect((await sluice.bareCall(own, { body: chatBody('hello') })).status).toBe(401);

    await put('REPLACE_CHAT', ['/v1/chat/completions', `${own}/only`]);
    expect((await post(`${own}/only`)).status).toBe(200);
    expect((await post(own)).status).toBe(404);
    expect((await post('/v1/chat/completions')).status).toBe(200);
    for (const name of ['REPLACE_CHAT', 'PREFIX_CHAT', 'APPEND_CHAT'])
      expect((await sluice.admin.call('DELETE', `/settings/${name}`)).json()).toMatchObject({ value: [] });
    expect((await post(`${own}/only`)).status).toBe(404);
    const { text } = await sluice.admin.call('GET', '/audit?limit=50');
    expect(text).toContain('settings.put');
  });

  it('cannot take what is served already, and unknown settings are unknown', async () => {
    for (const path of ['/admin/api/keys', '/healthz', '/v1/messages', 'no-slash']) {
      const refused = await put('APPEND_CHAT', [path]);
      expect([path, refused.status]).toEqual([path, 400]);
      expect(refused.json()).toMatchObject({ error: { param: 'value.0' } });
    }
    expect((await put('NO_SUCH', 1)).status).toBe(404);
    const { json } = await sluice.admin.call('GET', '/settings');
    expect(json()).toMatchObject({
      settings: expect.arrayContaining([expect.objectContaining({ name: 'SESSION_IDLE_MS' })]),
    });
  });
});

describe('base URLs that were mistyped', () => {
  it.each(['/v1/v1', '/openai/v1', '', '//v1', '/api/v1/v1'])('%s is served', async (base) => {
    expect((await post(`${base}/chat/completions`)).status).toBe(200);
    expect((await sluice.call(`${base}/models`)).status).toBe(200);
  });

  it("an Anthropic client's, too", async () => {
    const body = { ...chatBody('hello'), max_tokens: 9 };
    const headers = { 'anthropic-version': '2023-06-01' };
    expect((await sluice.call('/v1/v1/messages', { body, headers })).json()).toMatchObject({ type: 'message' });
    const unknown = await sluice.call('/anthropic/v3/messages', { body, headers });
    expect(unknown.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
    expect(unknown.text).toContain('Did you mean /v1/messages?');
  });

  it('what cannot be meant is answered with the right URL', async () => {
    const unknown = await post('/v2/chat/completions');
    expect(unknown.status).toBe(404);
    expect(unknown.json()).toMatchObject({
      error: { message: 'Invalid URL (POST /v2/chat/completions) Did you mean /v1/chat/completions?' },
    });
  });

  it.each(['/%61dmin/api/keys', '//admin/api/keys', '/admin%2Fapi/keys', '/m%65trics', '/adm%69n/api/settings'])(
    '%s opens nothing',
    async (path) => {
      expect([401, 404]).toContain((await sluice.bareCall(path)).status);
      expect([401, 404]).toContain((await sluice.call(path)).status);
    },
  );
});
