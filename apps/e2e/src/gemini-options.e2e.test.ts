import { GoogleGenAI } from '@google/genai';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey, adminToken } = sluice.run;
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });

/** Names of our own, which stand for the simulator's: what is set for them is no other test's. */
const OWN = unique('balance');
const FLASH = `${OWN}-flash`;
const PRO = `${OWN}-pro`;
/** Ends like a suffix, and is a model. */
const REAL = `${OWN}-flash-image`;
const SAFETY = ['HARM_CATEGORY_HARASSMENT', 'HARM_CATEGORY_HATE_SPEECH'].map((category) => ({
  category,
  threshold: 'OFF',
}));
const SETTINGS = {
  MODEL_SUFFIXES: [
    { suffix: '-search', models: [`${OWN}-*`], apply: { tools: ['google_search'], sources: 'append' } },
    { suffix: '-image', models: [`${OWN}-*`], isListed: false, apply: { responseModalities: ['TEXT', 'IMAGE'] } },
    { suffix: '-non-thinking', models: [`${OWN}-*`], isListed: false, apply: { reasoning: { effort: 'none' } } },
    { suffix: '-chat', models: [`${OWN}-*`, 'sora2-landscape-10s'], isListed: false },
    { suffix: '-slow', models: [`${OWN}-*`], isListed: false, apply: { upstreamStream: 'gathered', typing: {} } },
  ],
  MODEL_OPTIONS: [{ models: [`${OWN}-*`], apply: { safetySettings: SAFETY, searchFunction: 'googleSearch' } }],
  FILTERED_MODELS: [`${OWN}-hidden`],
  UPSTREAM_HEADERS: { openai: { 'x-sluice-team': OWN } },
};

const echo = `[[sim:echo-request]] ${OWN}`;
/** What the upstream was asked, as it says itself. */
type Asked = {
  tools?: object[];
  generationConfig?: Record<string, unknown>;
  safetySettings?: object[];
  labels?: object;
  contents?: object[];
};
const parse = (text: string | null | undefined) => JSON.parse(text?.split('\n\n---')[0] ?? '') as Asked;

async function byOpenai(model: string, more: object = {}): Promise<Asked> {
  const { choices } = await sluice.openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: echo }],
    ...more,
  });
  return parse(choices[0]?.message.content);
}

beforeAll(async () => {
  for (const [name, model] of [
    [FLASH, 'sim-gemini-2.5-flash'],
    [REAL, 'sim-gemini-2.5-flash'],
    [PRO, 'sim-gemini-3.1-pro'],
    [`${OWN}-imagen`, 'sim-imagen-4'],
    [`${OWN}-hidden`, 'sim-gemini-2.5-flash'],
  ])
    expectSuccess(await sluice.admin.call('PUT', `/routes/${name}`, { targets: [{ upstream: 'gemini', model }] }));
  for (const [name, value] of Object.entries(SETTINGS))
    expectSuccess(await sluice.admin.call('PUT', `/settings/${name}`, { value }));
});
afterAll(async () => {
  for (const name of Object.keys(SETTINGS)) await sluice.admin.call('DELETE', `/settings/${name}`);
});

describe('suffixes of model names', () => {
  it('the OpenAI SDK: search, and no thinking, in any order', async () => {
    for (const suffixes of ['-search-non-thinking', '-non-thinking-search'])
      expect(await byOpenai(FLASH + suffixes)).toMatchObject({
        tools: [{ googleSearch: {} }],
        generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
        safetySettings: SAFETY,
      });
  });

  it('@google/genai: the same, and nothing of its body is lost', async () => {
    const own = { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_LOW_AND_ABOVE' };
    const { text } = await google.models.generateContent({
      model: `${FLASH}-search-non-thinking`,
      contents: echo,
      config: { safetySettings: [own] as never, seed: 7, topK: 3 },
    });
    expect(parse(text)).toMatchObject({
      tools: [{ googleSearch: {} }],
      generationConfig: { thinkingConfig: { thinkingBudget: 0 }, seed: 7, topK: 3 },
      safetySettings: [own, SAFETY[1]],
    });
  });

  it('a budget that the model refuses is not sent', async () => {
    const { generationConfig } = await byOpenai(`${PRO}-non-thinking`);
    expect(generationConfig?.['thinkingConfig']).toEqual({ thinkingLevel: 'LOW' });
  });

  it('a real model of such a name is that model', async () => {
    expect((await byOpenai(REAL)).generationConfig).toBeUndefined();
    // This one paints nothing, and says so.
    await expect(byOpenai(`${PRO}-image`)).rejects.toThrow('response modalities (TEXT, IMAGE)');
  });

  it('sources stand at the end, in both dialects and in streams', async () => {
    const link = /\n\n---\n1\. \[.+\]\(https:\/\//;
    const messages = [{ role: 'user' as const, content: 'who won?' }];
    const run = sluice.openai.chat.completions.stream({ model: `${FLASH}-search`, messages });
    expect((await run.finalChatCompletion()).choices[0]?.message.content).toMatch(link);
    const answer = await google.models.generateContent({ model: `${FLASH}-search`, contents: 'who won?' });
    expect(answer.text).toMatch(link);
    expect(answer.candidates?.[0]?.groundingMetadata?.groundingChunks?.length).toBeGreaterThan(0);
  });

  it('a model of pictures is asked in a chat', async () => {
    const { choices } = await sluice.openai.chat.completions.create({
      model: `${OWN}-imagen-chat`,
      messages: [{ role: 'user', content: `a ${unique('fox')}` }],
    });
    expect(choices[0]?.message.content).toMatch(/!\[.*\]\(/);
  });

  it('are listed where the operator wants it', async () => {
    const ids = new Set<string>();
    for await (const { id } of await sluice.openai.models.list()) if (id.startsWith(OWN)) ids.add(id);
    expect([...ids].toSorted()).toEqual(
      [FLASH, REAL, PRO, `${OWN}-imagen`].flatMap((model) => [model, `${model}-search`]).toSorted(),
    );
    expect(await google.models.get({ model: `${FLASH}-search` })).toMatchObject({ name: `models/${FLASH}-search` });
  });
});

describe('every way to call a chat', () => {
  const SEARCHED = { tools: [{ googleSearch: {} }], safetySettings: SAFETY };
  const model = `${FLASH}-search-non-thinking`;

  it('a response in the background, with the sources in its text, however it is read', async () => {
    const { responses } = sluice.openai;
    const asked = await responses.stream({ model, input: echo, background: true }).finalResponse();
    expect(parse(asked.output_text)).toMatchObject({
      ...SEARCHED,
      generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
    });
    const made = await responses.create({ model: `${FLASH}-search`, input: 'who won?', background: true });
    const read = await eventually(
      'the response is there',
      async () => {
        const now = await responses.retrieve(made.id);
        return now.status === 'completed' && now;
      },
      { withinMs: 10_000, everyMs: 100 },
    );
    expect(read.output_text).toMatch(/\n\n---\n1\. \[.+\]\(https:\/\//);
    const again = responses.stream({ response_id: made.id, starting_after: 0 } as never);
    expect((await again.finalResponse()).output_text).toBe(read.output_text);
  });

  it('one in the background whose upstream gives no stream', async () => {
    const prompt = unique('gathered');
    const request = { model: `${FLASH}-slow`, input: prompt, background: true } as const;
    expect((await sluice.openai.responses.stream(request).finalResponse()).output_text).toContain(prompt);
    const { requests } = await sluice.simulator.requests({ prompt });
    expect(requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([expect.stringMatching(/:generateContent$/)]);
  });

  it('a line of a batch', async () => {
    const body = { model, messages: [{ role: 'user', content: echo }] };
    const text = JSON.stringify({ custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body });
    const file = await toFile(Buffer.from(text), 'lines.jsonl');
    const { id: input } = await sluice.openai.files.create({ file, purpose: 'batch' });
    const { id } = await sluice.openai.batches.create({
      input_file_id: input,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const { output_file_id: output } = await eventually(
      'the batch ends',
      async () => {
        const batch = await sluice.openai.batches.retrieve(id);
        return batch.status === 'completed' && batch;
      },
      { withinMs: 25_000, everyMs: 200 },
    );
    const answered = JSON.parse(await (await sluice.openai.files.content(output ?? '')).text()) as {
      response: { body: OpenAI.ChatCompletion };
    };
    expect(parse(answered.response.body.choices[0]?.message.content)).toMatchObject(SEARCHED);
  });

  it('a film, whose name without the suffix says how long it is', async () => {
    const { headers } = await sluice.call('/v1/chat/completions', {
      body: { model: 'sora2-landscape-10s-chat', messages: [{ role: 'user', content: unique('a film') }] },
    });
    const id = String(headers['x-sluice-generation']).replace('gen_', 'video_');
    expect(await sluice.openai.videos.retrieve(id)).toMatchObject({ model: 'sora2-landscape-10s', seconds: '10' });
  });
});

describe('options', () => {
  it('a function called googleSearch is the search', async () => {
    const tools = [{ type: 'function', function: { name: 'googleSearch', parameters: { type: 'object' } } }];
    expect((await byOpenai(FLASH, { tools })).tools).toEqual([{ googleSearch: {} }]);
  });

  it('what is filtered is refused by name', async () => {
    await expect(byOpenai(`${OWN}-hidden`)).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('pain point 6 of Gemini Balance: a stream whose upstream gives none ends in order', async () => {
    const prompt = unique('gathered');
    const run = sluice.openai.chat.completions.stream({
      model: `${FLASH}-slow`,
      messages: [{ role: 'user', content: prompt }],
    });
    const ends: string[] = [];
    let pieces = 0;
    for await (const { choices } of run) {
      if (choices[0]?.delta.content) pieces += 1;
      if (choices[0]?.finish_reason) ends.push(choices[0].finish_reason);
    }
    expect((await run.finalChatCompletion()).choices[0]?.message.content).toContain(prompt);
    expect([ends, pieces > 3]).toEqual([['stop'], true]);
    const { requests } = await sluice.simulator.requests({ prompt });
    expect(requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([expect.stringMatching(/:generateContent$/)]);
  });
});

it('headers that an operator adds reach the upstream, and those of the adapter stay', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such model"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { model, upstreamKey } = await sluice.admin.createModel({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    settings: { headers: { 'X-Sluice-Key': 'own' } },
  });
  await byOpenai(model).catch(() => undefined);
  server.close();
  expect(seen.at(-1)).toMatchObject({
    'x-sluice-team': OWN,
    'x-sluice-key': 'own',
    authorization: `Bearer ${upstreamKey}`,
  });
});

it.each(['/hf/v1', '/openai/v1'])('a deployment keeps its address %s', async (path) => {
  const client = new OpenAI({ baseURL: gateway + path, apiKey, maxRetries: 0 });
  const { choices } = await client.chat.completions.create({
    model: FLASH,
    messages: [{ role: 'user', content: 'hi' }],
  });
  expect(choices[0]?.message.content).toContain('hi');
});

it.each(['/gemini'])('and so does one of Google’s SDK: %s', async (path) => {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway + path } });
  expect((await client.models.generateContent({ model: FLASH, contents: 'hi' })).text).toContain('hi');
});

it('the address of Vertex keys is served by them alone', async () => {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${gateway}/vertex-express` } });
  const prompt = unique('vertex');
  const ask = () => client.models.generateContent({ model: 'sim-gemini-2.0-flash', contents: prompt });
  await expect(ask()).rejects.toMatchObject({ status: 503 });
  const added = await sluice.admin.call('POST', '/credentials', {
    upstream: 'gemini',
    kind: 'vertex-express',
    label: OWN,
    secret: { apiKey: unique('AQ.key') },
    baseUrl: `${sluice.run.simulator ?? ''}/gemini/v1beta1/publishers/google`,
    allowPrivateNetwork: true,
    models: ['sim-gemini-2.0-flash'],
  });
  const { id } = expectSuccess(added) as { id: string };
  for (let call = 0; call < 3; call += 1) expect((await ask()).text).toContain(prompt);
  await sluice.admin.call('DELETE', `/credentials/${id}`);
  const { requests } = await sluice.simulator.requests({ prompt });
  expect(requests.map(({ path }) => path.includes('/publishers/google/'))).toEqual([true, true, true]);
});

it('an environment of Gemini Balance brings its keys, and the keys of its clients', async () => {
  const token = unique('sk-client');
  const response = await fetch(`${gateway}/admin/api/credentials/import?also=apiKeys&tag=${OWN}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/plain' },
    body: `API_KEYS=["${unique('AIzaSy')}"]\nALLOWED_TOKENS=["${token}"]\nBASE_URL=https://127.0.0.1.example\nLOG_LEVEL=info\n`,
  });
  const lines = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toEqual([
    expect.objectContaining({ status: 'told', taken: ['1 API keys'] }),
    expect.objectContaining({ status: 'created' }),
    { summary: { created: 1, updated: 0, duplicate: 0, failed: 0, told: 1 } },
  ]);
  await sluice.admin.call('DELETE', `/credentials/${String(lines[1]?.['id'])}`);
  expect((await sluice.openaiWith(token).models.list()).data.length).toBeGreaterThan(0);
});
