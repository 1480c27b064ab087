import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();

describe('for operators', () => {
  it('alive, ready, healthy', async () => {
    const [live, ready, health] = await Promise.all(
      ['/livez', '/readyz', '/healthz'].map((path) => sluice.bareCall(path)),
    );
    expect([live?.status, ready?.status, health?.status]).toEqual([200, 200, 200]);
    expect(health?.json()).toMatchObject({
      status: 'ok',
      details: { postgres: { status: 'up' }, redis: { status: 'up' } },
    });
  });

  it('metrics, with the admin token alone', async () => {
    await sluice.stream('measured');
    const [stranger, user, operator] = await Promise.all([
      sluice.bareCall('/metrics'),
      sluice.call('/metrics'),
      sluice.call('/metrics', { headers: { authorization: `Bearer ${sluice.run.adminToken}` } }),
    ]);
    expect([stranger.status, user.status, operator.status]).toEqual([401, 401, 200]);
    expect(operator.headers['content-type']).toContain('text/plain');
    expect(operator.text).toMatch(
      /^sluice_http_request_duration_seconds_count\{.*route="\/v1\/chat\/completions".*\} [1-9]/m,
    );
  });

  it('a description of the API', async () => {
    const answer = await sluice.bareCall('/openapi.json');
    const document = answer.json() as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toMatch(/^3\.1/);
    const paths = [
      '/v1/chat/completions',
      '/v1/embeddings',
      '/v1/models',
      '/v1/generations/{id}',
      '/admin/api/credentials',
      '/admin/api/keys',
    ];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(paths));
    expect(JSON.stringify(document.paths['/v1/chat/completions']?.['post'])).toContain('messages');
    expect((await sluice.bareCall('/docs')).headers['content-type']).toContain('text/html');
  });

  it('a page for who opens the address in a browser', async () => {
    const answer = await sluice.bareCall('/');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
  });
});

describe('for browsers', () => {
  it('a preflight is answered without a key', async () => {
    const answer = await sluice.bareCall('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-methods']).toContain('POST');
    expect(answer.headers['access-control-allow-headers']).toContain('x-stainless-lang');
  });

  it('answers and errors are open to any origin, and show their ids', async () => {
    const [good, bad] = await Promise.all([sluice.call('/v1/models'), sluice.bareCall('/v1/models')]);
    for (const { headers } of [good, bad]) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-expose-headers']).toContain('x-request-id');
      expect(headers['x-request-id']).toMatch(/^req_/);
    }
  });

  it('the admin API is not open to other origins', async () => {
    const answer = await sluice.call('/admin/api/credentials', {
      headers: { origin: 'https://evil.example', authorization: `Bearer ${sluice.run.adminToken}` },
    });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
