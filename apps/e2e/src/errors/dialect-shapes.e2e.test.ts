import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();

const anthropic = (type: string) => ({
  type: 'error',
  error: { type, message: expect.stringMatching(/\S/) as string },
  request_id: expect.stringMatching(/^req_/) as string,
});
const google = (code: number, status: string) => ({
  error: { code, status, message: expect.stringMatching(/\S/) as string },
});

describe('a failure has the shape of the path it was met on', () => {
  it('Anthropic’s', async () => {
    const [stranger, unknown] = await Promise.all([
      sluice.bareCall('/v1/messages', { body: {} }),
      sluice.call('/v1/messages/no/such', { body: {} }),
    ]);
    expect([stranger.status, unknown.status]).toEqual([401, 404]);
    expect(stranger.json()).toMatchObject(anthropic('authentication_error'));
    expect(unknown.json()).toMatchObject(anthropic('not_found_error'));
    expect(unknown.headers['request-id']).toMatch(/^req_/);
  });

  it('Google’s', async () => {
    const path = '/v1beta/models/no-such:generateContent';
    const [stranger, unknown] = await Promise.all([
      sluice.bareCall(path, { body: {} }),
      sluice.call('/v1beta/no/such', { body: {} }),
    ]);
    expect([stranger.status, unknown.status]).toEqual([401, 404]);
    expect(stranger.json()).toMatchObject(google(401, 'UNAUTHENTICATED'));
    expect(unknown.json()).toMatchObject(google(404, 'NOT_FOUND'));
  });

  it('Anthropic’s for its clients’ model list', async () => {
    const answer = await sluice.bareCall('/v1/models', { headers: { 'anthropic-version': '2023-06-01' } });
    expect(answer.json()).toMatchObject(anthropic('authentication_error'));
  });

  it('malformed JSON and too large bodies too', async () => {
    const broken = await Promise.all(
      ['/v1/messages', '/v1beta/models/x:generateContent'].map((path) => sluice.call(path, { body: '{"a":' })),
    );
    for (const answer of broken) expect([400, 404]).toContain(answer.status);
    expect(broken[0]?.json()).toMatchObject({ type: 'error' });
    expect(broken[1]?.json()).toMatchObject({ error: { status: expect.any(String) as string } });
  });

  it('OpenAI’s everywhere else', async () => {
    const paths = ['/no/such', '/v2/chat', '/admin/api/no-such', '/v1/v1/chat/completion', '/chat'];
    for (const path of paths) {
      const answer = await sluice.call(path, {
        body: {},
        headers: { authorization: `Bearer ${path.startsWith('/admin') ? sluice.run.adminToken : sluice.run.apiKey}` },
      });
      expect({ path, status: answer.status, body: answer.json() }).toMatchObject({
        status: 404,
        body: { error: { type: 'invalid_request_error' } },
      });
    }
  });
});
