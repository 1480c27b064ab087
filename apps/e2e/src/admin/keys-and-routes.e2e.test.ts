import { describe, expect, it } from 'vitest';
import { expectSuccess } from '../harness/admin-client.js';
import { eventually } from '../harness/eventually.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();
const { admin } = sluice;

describe('API keys', () => {
  it('are told once, serve at once, and no longer when they are switched off', async () => {
    const name = unique('key');
    const { id, key } = await admin.createKey(name);
    const listed = await admin.call('GET', '/keys');
    expect(listed.text).toContain(id);
    expect(listed.text).not.toContain(key);
    const client = sluice.openaiWith(key);
    expect((await client.chat.completions.create(chatBody('hi'))).choices[0]?.message.content).toBe(
      'Simulated reply to: hi',
    );
    expectSuccess(await admin.call('PATCH', `/keys/${id}`, { enabled: false }));
    await eventually(
      'the key is refused',
      async () => (await sluice.call('/v1/models', { headers: { authorization: `Bearer ${key}` } })).status === 401,
      { withinMs: 3_000 },
    );
    await expect(client.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('need a name', async () => {
    const answer = await admin.call('POST', '/keys', {});
    expect({ status: answer.status, body: answer.json() }).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/name/) as string } },
    });
  });
});

describe('routes', () => {
  it('give any name to a model, and say what ran', async () => {
    const name = `${unique('alias')}/any string`;
    expectSuccess(
      await admin.call('PUT', `/routes/${encodeURIComponent(name)}`, {
        targets: [{ upstream: 'openai', model: 'sim-chat' }],
        strategy: 'priority',
      }),
    );
    const stream = await eventually(
      'the route is known',
      async () => {
        const answer = await sluice.stream('hi', { model: name });
        return answer.status === 200 && answer;
      },
      { withinMs: 3_000 },
    );
    expect(stream.headers['x-sluice-model']).toBe('sim-chat');
    expect((await sluice.openai.models.retrieve(name)).id).toBe(name);
  });

  it('go on to the next target where the first has nobody', async () => {
    const { model } = await admin.createModel({ enabled: false });
    const name = unique('fallback');
    const targets = [
      { upstream: 'openai', model },
      { upstream: 'openai', model: 'sim-chat' },
    ];
    expectSuccess(await admin.call('PUT', `/routes/${name}`, { targets, strategy: 'priority' }));
    const stream = await eventually(
      'the route is known',
      async () => {
        const answer = await sluice.stream('hi', { model: name });
        return answer.status === 200 && answer;
      },
      { withinMs: 5_000 },
    );
    expect(stream.text).toBe('Simulated reply to: hi');
  });

  it('that lead nowhere are refused', async () => {
    const answer = await admin.call('PUT', `/routes/${unique('nowhere')}`, { targets: [] });
    expect(answer.status).toBe(400);
    expect(
      (await admin.call('PUT', `/routes/${unique('nobody')}`, { targets: [{ upstream: 'nobody', model: 'x' }] }))
        .status,
    ).toBe(400);
  });
});
