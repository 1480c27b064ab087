import { describe, expect, it } from 'vitest';
import { expectSuccess } from '../harness/admin-client.js';
import { eventually } from '../harness/eventually.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();
const { admin } = sluice;

describe('credentials', () => {
  it('are made, shown, listed, changed and deleted, and never show their secret', async () => {
    const name = unique('crud');
    const body = { ...admin.credential(name), models: [name], limits: { chat: 8, image: 1 }, weight: 3, tags: ['a'] };
    const created = await admin.call('POST', '/credentials', body);
    expect(created.status).toBe(201);
    const { id } = created.json() as { id: string };
    expect(created.json()).toMatchObject({
      state: 'ready',
      reason: null,
      nextTryAt: null,
      label: name,
      models: [name],
      limits: { chat: 8, image: 1 },
      weight: 3,
      tags: ['a'],
      enabled: true,
    });
    const [shown, listed] = await Promise.all([
      admin.call('GET', `/credentials/${id}`),
      admin.call('GET', '/credentials'),
    ]);
    expect(shown.json()).toMatchObject({ id, label: name });
    expect(listed.text).toContain(id);
    const changed = await admin.call('PATCH', `/credentials/${id}`, { label: 'renamed', enabled: false });
    expect(changed.json()).toMatchObject({ id, label: 'renamed', enabled: false, state: 'disabled' });
    for (const { text } of [created, shown, listed, changed]) expect(text).not.toContain(`sk-${name}`);
    expect((await admin.call('DELETE', `/credentials/${id}`)).status).toBe(204);
    expect((await admin.call('GET', `/credentials/${id}`)).status).toBe(404);
    expect((await admin.call('DELETE', `/credentials/${id}`)).status).toBe(404);
  });

  it('posted again are the same: 200, the same id, the new settings', async () => {
    const name = unique('again');
    // Without models it would serve the other tests as well.
    const body = { ...admin.credential(name), models: [name] };
    const first = await admin.call('POST', '/credentials', body);
    const second = await admin.call('POST', '/credentials', { ...body, label: 'second' });
    expect([first.status, second.status]).toEqual([201, 200]);
    const { id } = first.json() as { id: string };
    expect(second.json()).toMatchObject({ id, label: 'second' });
    const elsewhere = await admin.call('POST', '/credentials', { ...body, baseUrl: 'http://127.0.0.1:9/v1' });
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.json()).not.toMatchObject({ id });
    await Promise.all(
      [id, (elsewhere.json() as { id: string }).id].map((each) => admin.call('DELETE', `/credentials/${each}`)),
    );
  });

  it('that are wrong are refused, field by field', async () => {
    const good = admin.credential('wrong');
    const wrong = [
      [{ ...good, upstream: 'nobody' }, /upstream/],
      [{ ...good, kind: 'magic' }, /kind/],
      [{ ...good, secret: {} }, /secret/],
      [{ ...good, baseUrl: 'not a url' }, /baseUrl/],
      [{ ...good, baseUrl: 'http://127.0.0.1:1/v1', allowPrivateNetwork: false }, /baseUrl|private/i],
      [{ ...good, limits: { chat: 0 } }, /limits/],
      [{ ...good, colour: 'red' }, /colour/],
    ] as const;
    for (const [body, message] of wrong) {
      const answer = await admin.call('POST', '/credentials', body);
      expect({ status: answer.status, body: answer.json() }).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringMatching(message) as string } },
      });
    }
  });

  it('are only for who holds the admin token', async () => {
    for (const authorization of [undefined, 'Bearer wrong', `Bearer ${sluice.run.apiKey}`]) {
      const answer = await sluice.bareCall(
        '/admin/api/credentials',
        authorization === undefined ? {} : { headers: { authorization } },
      );
      expect(answer.status).toBe(401);
    }
  });

  it('are used from the moment they are there to the moment they are not', async () => {
    const { model, credentialId } = await admin.createModel();
    const ask = () => sluice.call('/v1/chat/completions', { body: { ...chatBody('hi'), model } });
    expect((await ask()).status).toBe(200);
    expectSuccess(await admin.call('PATCH', `/credentials/${credentialId}`, { enabled: false }));
    await eventually('the disabled one is out of use', async () => (await ask()).status !== 200, { withinMs: 3_000 });
    expectSuccess(await admin.call('PATCH', `/credentials/${credentialId}`, { enabled: true }));
    await eventually('it is in use again', async () => (await ask()).status === 200, { withinMs: 3_000 });
    expectSuccess(await admin.call('DELETE', `/credentials/${credentialId}`));
    const answer = await eventually(
      'the deleted one is out of use',
      async () => {
        const last = await ask();
        return last.status !== 200 && last;
      },
      { withinMs: 3_000 },
    );
    expect([404, 503]).toContain(answer.status);
  });

  it('show that the upstream refused them, and recover by a new secret', async () => {
    const { model, upstreamKey, credentialId } = await admin.createModel();
    await sluice.simulator.setKey({ key: upstreamKey, state: 'revoked' });
    const refused = await sluice.call('/v1/chat/completions', { body: { ...chatBody('hi'), model } });
    expect(refused.status).toBe(502);
    const shown = await eventually('its state is told', async () => {
      const found = await admin.readCredential(credentialId);
      return found.state === 'auth_failed' && found;
    });
    expect(shown.reason).toMatch(/\S/);
    // A key is no session: nothing tried to refresh it and put its own words there.
    expect(shown.reason).not.toMatch(/session|refresh/i);
    expectSuccess(
      await admin.call('PATCH', `/credentials/${credentialId}`, { secret: { apiKey: `${upstreamKey}-renewed` } }),
    );
    await eventually('it serves again', async () => (await sluice.stream('hi', { model })).status === 200, {
      withinMs: 5_000,
    });
  });

  it('are never used more often at once than their limit allows', async () => {
    const { model, upstreamKey } = await admin.createModel({ limits: { chat: 3 } });
    const streams = await Promise.all(
      Array.from({ length: 15 }, (_, index) =>
        sluice.stream(`limited-${index} [[sim:chunks=8,chunk-delay-ms=15]]`, { model }),
      ),
    );
    for (const [index, { text }] of streams.entries())
      expect(text).toMatch(new RegExp(`^Simulated reply to: limited-${index} `));
    const { concurrency } = await sluice.simulator.requests({ key: upstreamKey });
    expect(concurrency.perKey).toMatchObject([{ received: 15, maximum: 3 }]);
  });
});
