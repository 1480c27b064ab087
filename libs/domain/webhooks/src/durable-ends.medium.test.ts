import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR, OWNER, verify, WebhookRig } from './webhook-rig.fixture.js';

let rig: WebhookRig;

beforeAll(async () => {
  rig = await WebhookRig.open();
});
afterAll(() => rig.close());
beforeEach(() => rig.reset());

describe('the end of a durable generation', () => {
  const producer = { add: async () => undefined } as never;
  const redis = { publish: async () => 0 } as never;

  function create() {
    const { postgres, clock } = rig;
    const live = { tell: () => {} };
    const { generations } = createDurableGenerations({
      postgres,
      producer,
      redis,
      subscriber: redis,
      names: liveNames('test'),
      clock,
      onError: () => {},
    });
    return { generations, steps: new DurableSteps({ postgres, live, clock }) };
  }

  function submission(changes: Partial<DurableSubmission> = {}): DurableSubmission {
    const createdAtMs = rig.clock.now();
    return {
      id: createGenerationId(createdAtMs),
      ownerKeyId: 'owner',
      dialect: 'openai-videos',
      model: 'video',
      targets: [{ upstream: 'sora', model: 'video' }],
      input: { kind: 'video', request: { model: 'video', prompt: 'a cat' } },
      reservation: { unit: 'second', amount: 8 },
      requestId: 'req',
      createdAtMs,
      deadlineAtMs: createdAtMs + 60_000,
      ...changes,
    };
  }

  const response: Partial<DurableSubmission> = {
    dialect: 'openai-responses',
    input: { kind: 'chat', request: { model: 'm', messages: [] } as never },
  };

  const told = () =>
    rig.receiver.received.map(({ body }) => {
      const { type, data } = JSON.parse(body) as { type: string; data: { id: string } };
      return `${type} ${data.id}`;
    });

  it('is told by the statement that ends it, under the id that clients know', async () => {
    await rig.listen();
    const { generations, steps } = create();
    const [made, failed, cancelled, cut, answered] = [
      submission(),
      submission(),
      submission(),
      submission(response),
      submission(response),
    ] as const;
    for (const one of [made, failed, cancelled, cut, answered]) await generations.submit(one);
    const error = { code: 'upstream_error', message: 'no' } as const;
    const finish = (reason: 'length' | 'stop') =>
      [{ type: 'finish', choice: 0, reason }, { type: 'succeeded' }] as const;
    const from = { expected: ['queued'] } as const;
    await steps.advance([{ id: made.id, ...from, progress: 10, parts: [{ type: 'progress', progress: 10 } as never] }]);
    await rig.deliver();
    expect(told()).toEqual([]);
    await steps.advance([
      { id: made.id, ...from, state: 'succeeded', parts: [{ type: 'succeeded' }] },
      { id: failed.id, ...from, state: 'failed', error, parts: [{ type: 'failed', error }] },
      { id: cut.id, ...from, state: 'succeeded', parts: finish('length') },
      { id: answered.id, ...from, state: 'succeeded', parts: finish('stop') },
    ]);
    // A second end is none.
    await steps.advance([{ id: made.id, ...from, state: 'failed', error }]);
    await generations.cancel(cancelled.id, 'owner');
    while ((await rig.deliver()) > 0);
    const named = (prefix: string, { id }: DurableSubmission) => id.replace('gen', prefix);
    expect(new Set(told())).toEqual(
      new Set([
        `video.completed ${named('video', made)}`,
        `video.failed ${named('video', failed)}`,
        `video.failed ${named('video', cancelled)}`,
        `response.incomplete ${named('resp', cut)}`,
        `response.completed ${named('resp', answered)}`,
      ]),
    );
  });

  it('goes to the URL that its request named, signed for its owner', async () => {
    const { generations, steps } = create();
    await expect(rig.endpoints.admitRequestUrl('owner', 'http://127.0.0.1/')).rejects.toMatchObject({
      data: { param: 'x-sluice-webhook' },
    });
    expect(await rig.endpoints.admitRequestUrl('owner', 'https://example.com/')).toBe('https://example.com/');
    const { id, secret } = await rig.endpoints.reveal(OWNER, 'request');
    await rig.endpoints.update(OPERATOR, id, { allow_private_network: true });
    const webhookUrl = await rig.endpoints.admitRequestUrl('owner', rig.receiver.url);
    const [named, plain] = [submission({ webhookUrl }), submission()] as const;
    await generations.submit(named);
    await generations.submit(plain);
    for (const one of [named, plain]) await steps.advance([{ id: one.id, expected: ['queued'], state: 'succeeded' }]);
    rig.receiver.answerWith((_request, answer) => answer.writeHead(410).end());
    await rig.deliver();
    const [first] = rig.receiver.received;
    expect(first && verify(secret, first)).toMatchObject({ data: { id: named.id.replace('gen', 'video') } });
    expect(rig.receiver.received).toHaveLength(1);
    // One request's URL that is gone says nothing of the next one's.
    expect(await rig.endpoints.get(OWNER, 'request')).toMatchObject({ url: null, enabled: true });
    expect((await rig.history.list(OWNER, 'request', {})).data).toMatchObject([
      { url: rig.receiver.url, status: 'failed' },
    ]);
  });
});
