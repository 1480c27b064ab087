import OpenAICurrent from 'openai-current';
import { expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import {
  backgroundIsCancelled,
  backgroundIsDeleted,
  backgroundIsPolledAndReplayed,
  backgroundOutlivesItsClient,
} from './scenarios/background-response.js';

const sluice = sharedSluice();
const { run, openai } = sluice;
const running = { run, readRun: () => Promise.resolve(run) };
const current = new OpenAICurrent({ baseURL: `${run.gateway}/v1`, apiKey: run.apiKey, maxRetries: 0 });

it.each([
  ['is polled, and told from every event on', backgroundIsPolledAndReplayed],
  ['goes on without its client', backgroundOutlivesItsClient],
  ['is cancelled up to its upstream', backgroundIsCancelled],
  ['is deleted while it runs', backgroundIsDeleted],
] as const)('a response %s', async (_, scenario) => {
  expect(await scenario(running)).not.toBe('');
});

it.each([
  ['the SDK before', openai],
  ['the current SDK', current as unknown as typeof openai],
])('%s streams one, and goes on with it by its id', async (_, sdk) => {
  const request = { model: 'sim-chat', input: 'streamed [[sim:chunks=6]]', background: true } as const;
  const made = await sdk.responses.stream(request).finalResponse();
  expect(made).toMatchObject({ status: 'completed', background: true });
  const helper = sdk.responses.stream({ response_id: made.id, starting_after: 4 } as never);
  expect((await helper.finalResponse()).output_text).toBe(made.output_text);
  expect(await sdk.responses.retrieve(made.id)).toMatchObject({ status: 'completed', output_text: made.output_text });
  const next = await sdk.responses.create({ ...request, previous_response_id: made.id, background: false });
  expect(next.status).toBe('completed');
});

it('an upstream that refuses it is a failed response, not a status', async () => {
  const input = 'x [[sim:status=400,error-message=Bad]]';
  const { model } = await sluice.admin.createModel();
  const made = await openai.responses.stream({ model, input, background: true }).finalResponse();
  expect(made).toMatchObject({ status: 'failed', error: { code: 'invalid_prompt' }, output: [] });
});

it('one that is not kept is refused, and so is the cancellation of one that its client waits for', async () => {
  const post = (path: string, body: object) => sluice.call(`/v1/responses${path}`, { method: 'POST', body });
  const refused = await post('', { model: 'sim-chat', input: 'x', background: true, store: false });
  expect([refused.status, refused.json()]).toMatchObject([400, { error: { param: 'background' } }]);
  const { id } = await openai.responses.create({ model: 'sim-chat', input: 'x' });
  expect((await post(`/${id}/cancel`, {})).status).toBe(400);
});

it('the same Idempotency-Key is the same response, as it stands by then', async () => {
  const headers = { 'idempotency-key': `key ${Date.now()}` };
  const body = { model: 'sim-chat', input: 'once', background: true };
  const [first, again] = [
    await sluice.call('/v1/responses', { method: 'POST', body, headers }),
    await sluice.call('/v1/responses', { method: 'POST', body, headers }),
  ];
  const idOf = ({ text }: { text: string }) => /"id":"(resp_\w+)"/.exec(text)?.[1];
  expect(idOf(again)).toBe(idOf(first));
  expect([first, again].map((answer) => answer.headers['idempotent-replayed'])).toEqual([undefined, 'true']);
  const other = { ...body, input: 'twice' };
  expect((await sluice.call('/v1/responses', { method: 'POST', body: other, headers })).status).toBe(422);
});
