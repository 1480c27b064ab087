import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectSuccess } from '../harness/admin-client.js';
import { eventually } from '../harness/eventually.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';

const sluice = sharedSluice();
const { openai, admin } = sluice;
const PICTURE = 'data:image/png;base64,iVBORw0KGgo=';

describe('auto', () => {
  it('is listed', async () => {
    const { data } = await openai.models.list();
    expect(data.map(({ id }) => id)).toContain('auto');
  });

  it('shows pictures to a model that sees, and says which', async () => {
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'image_url' as const, image_url: { url: PICTURE } },
    ];
    const { data, response } = await openai.chat.completions
      .create({ model: 'auto', messages: [{ role: 'user', content }] })
      .withResponse();
    expect(response.headers.get('x-sluice-model')).toMatch(/vision|gemini|grok|gpt/);
    expect(data.choices[0]?.message.content).not.toBe('');
  });

  it('as the strategy of a route leaves what fails for what works', async () => {
    const broken = await admin.createModel();
    const sound = await admin.createModel();
    await sluice.simulator.setKey({ key: broken.upstreamKey, state: 'revoked' });
    const model = `auto-${randomUUID().slice(0, 8)}`;
    const targets = [broken, sound].map((own) => ({ upstream: 'openai', model: own.model }));
    expectSuccess(await admin.call('PUT', `/routes/${model}`, { targets, strategy: 'auto' }));
    const { response } = await openai.chat.completions.create({ ...chatBody('hello'), model }).withResponse();
    expect(response.headers.get('x-sluice-model')).toBe(sound.model);
  });
});

describe('moderation', () => {
  it('is passed to an upstream that has it', async () => {
    const { results, model, id } = await openai.moderations.create({ input: ['peace', 'violence'] });
    expect(results.map(({ flagged }) => flagged)).toEqual([false, true]);
    expect([model, id]).toEqual(['omni-moderation-latest', expect.stringMatching(/^modr-/)]);
  });

  it('is refused in words where nobody has it', async () => {
    const asked = openai.moderations.create({ input: 'x', model: `nobody-${randomUUID()}` });
    await expect(asked).rejects.toMatchObject({ status: 404, param: 'model', code: 'model_not_found' });
    await expect(openai.moderations.create({ input: [] as string[] })).rejects.toMatchObject({ param: 'input' });
  });
});

it.each([
  ['GET', '/v1/chat/completions', 'Stored chat completions'],
  ['GET', '/v1/chat/completions/chatcmpl-1', 'Stored chat completions'],
  ['GET', '/v1/chat/completions/chatcmpl-1/messages', 'Stored chat completions'],
  ['DELETE', '/v1/chat/completions/chatcmpl-1', 'Stored chat completions'],
  ['POST', '/v1/completions', 'Legacy completions'],
  ['POST', '/v1/assistants', 'Assistants'],
  ['GET', '/v1/threads/thread_1/messages', 'Threads'],
  ['POST', '/api/v1/vector_stores', 'Vector stores'],
])('%s %s is said not to be offered', async (method, path, what) => {
  const answer = await sluice.call(path, { method, ...(method === 'POST' && { body: {} }) });
  expect([answer.status, answer.json()]).toEqual([
    404,
    {
      error: {
        message: expect.stringContaining(`${what} are not offered here`) as string,
        type: 'invalid_request_error',
        param: null,
        code: 'not_offered',
      },
    },
  ]);
});

describe('DeGPT', () => {
  const ownVisitor = (models: string[], id = randomUUID().replaceAll('-', '')) =>
    admin.createModel({
      kind: 'degpt',
      secret: { id },
      baseUrl: `${sluice.run.simulator ?? ''}/degpt/api`,
      models,
    });

  it('answers like every other, plain and streamed, though it streams only, without roles, ends or usage', async () => {
    const model = `degpt-${randomUUID().slice(0, 8)}`;
    await ownVisitor([model]);
    const body = { ...chatBody('hello'), model };
    const plain = await openai.chat.completions.create(body);
    expect(plain).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [{ message: { role: 'assistant', content: 'Simulated reply to: hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 2, completion_tokens: 8 },
    });
    const final = await openai.chat.completions.stream(body).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('Simulated reply to: hello');
  });

  it('keeps its session once it has one', async () => {
    const model = `degpt-${randomUUID().slice(0, 8)}`;
    const id = randomUUID().replaceAll('-', '');
    await ownVisitor([model], id);
    const signIns = async () => (await sluice.simulator.requests({ prompt: id })).counts.received;
    await eventually('a chat without a sign-in', async () => {
      const before = await signIns();
      await openai.chat.completions.create({ ...chatBody('hello'), model });
      return (await signIns()) === before;
    });
  });

  it('that says in an answer that it may not is a failure', async () => {
    const model = `locked-${randomUUID().slice(0, 8)}`;
    await ownVisitor([model]);
    const asked = openai.chat.completions.create({ ...chatBody('hello'), model, stream: true });
    await expect(asked).rejects.toMatchObject({ status: 502, code: 'upstream_forbidden' });
  });

  it('says which field it has not', async () => {
    const model = `degpt-${randomUUID().slice(0, 8)}`;
    await ownVisitor([model]);
    const asked = openai.chat.completions.create({ ...chatBody('hello'), model, n: 2 });
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'n' });
  });
});

it("a credential's chat habits hold for a client's own body", async () => {
  const chatHabits = { tokenLimit: 'max_tokens', developerRole: 'system', reasoningContent: 'omit' };
  const { model } = await admin.createModel({ settings: { chatHabits } });
  const messages = [
    { role: 'developer' as const, content: 'brief' },
    { role: 'user' as const, content: '[[sim:echo-request]]' },
  ];
  const answer = await openai.chat.completions.create({ model, messages, max_completion_tokens: 7 });
  const sent = JSON.parse(answer.choices[0]?.message.content ?? '{}') as Record<string, unknown>;
  expect(sent).toMatchObject({ max_tokens: 7, messages: [{ role: 'system' }, { role: 'user' }] });
  expect(sent).not.toHaveProperty('max_completion_tokens');
});
