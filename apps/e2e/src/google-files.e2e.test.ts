import { createPartFromUri, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';

const { gateway, apiKey } = sharedSluice().run;
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

it("Google's SDK uploads a file, names it to any model, lists and deletes it", async () => {
  const blob = new Blob([PNG], { type: 'image/png' });
  const file = await google.files.upload({ file: blob, config: { displayName: 'dot.png' } });
  expect(file).toMatchObject({ state: 'ACTIVE', mimeType: 'image/png', displayName: 'dot.png', sizeBytes: '70' });
  const { name = '', uri = '', mimeType = '' } = file;
  // The last is served by an upstream that knows nothing of Google's files.
  for (const model of ['sim-gemini-3.5-flash', 'sim-vision']) {
    const contents = ['what?', createPartFromUri(uri, mimeType)];
    const { text } = await google.models.generateContent({ model, contents });
    expect(text).toContain('Simulated reply to: what?');
    if (model.includes('gemini')) expect(text).toContain('[image image/png 70 bytes]');
  }
  expect(await google.files.get({ name })).toMatchObject({ name, uri });
  const listed: (string | undefined)[] = [];
  for await (const each of await google.files.list({ config: { pageSize: 50 } })) listed.push(each.name);
  expect(listed).toContain(name);
  await google.files.delete({ name });
  await expect(google.files.get({ name })).rejects.toMatchObject({ status: 404 });
  const contents = [createPartFromUri(uri, mimeType)];
  const asked = google.models.generateContent({ model: 'sim-gemini-3.5-flash', contents });
  await expect(asked).rejects.toMatchObject({ status: 404 });
});

it('a file larger than a piece comes whole, and is the same to both dialects', async () => {
  const text = 'line of text\n'.repeat(800_000);
  const file = await google.files.upload({ file: new Blob([text], { type: 'text/plain' }) });
  expect(file.sizeBytes).toBe(String(text.length));
  const id = `file-${file.name?.replace('files/', '')}`;
  expect((await openai.files.retrieve(id)).bytes).toBe(text.length);
  expect(await (await openai.files.content(id)).text()).toBe(text);
  await openai.files.delete(id);
});
