import Anthropic from '@anthropic-ai/sdk';
import { createPartFromUri, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OwnModel } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const { run, admin, simulator } = sharedSluice();
const { gateway, apiKey } = run;
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });

const MEBIBYTE = 1024 * 1024;
/** More than goes through the body of a request. */
const FILM_BYTES = 33 * MEBIBYTE;
const UPLOAD_PATH = '/gemini/upload/v1beta/files';

interface Film {
  uri: string;
  mimeType: string;
  /** As OpenAI's and Anthropic's clients name it. */
  id: string;
}

/** A film as its first bytes prove it. */
async function uploadFilm(): Promise<Film> {
  const head = Buffer.from(
    '00000018' + Buffer.from('ftypisom').toString('hex') + '00000200' + Buffer.from('isommp41').toString('hex'),
    'hex',
  );
  const rest = Buffer.alloc(FILM_BYTES - head.length, 1);
  const {
    name = '',
    uri = '',
    mimeType = '',
  } = await google.files.upload({
    file: new Blob([head, rest], { type: 'video/mp4' }),
    config: { displayName: 'film.mp4' },
  });
  return { uri, mimeType, id: `file-${name.replace('files/', '')}` };
}

/** A model of one key, which is a project of its own unless it says otherwise. */
function ownProject(settings: { quotaGroup?: string } = {}): Promise<OwnModel> {
  return admin.createModel({ upstream: 'gemini', baseUrl: `${run.simulator ?? ''}/gemini`, settings });
}

async function ask(model: string, { uri, mimeType }: Film, signal?: AbortSignal): Promise<string> {
  const contents = ['what?', createPartFromUri(uri, mimeType)];
  const config = signal === undefined ? {} : { abortSignal: signal };
  return (await google.models.generateContent({ model, contents, config })).text ?? '';
}

/** What the project's key sent there: how often it began, and how many bytes. */
async function uploadsOf({ upstreamKey }: OwnModel): Promise<{ begun: number; bytes: number }> {
  const { requests } = await simulator.requests({ key: upstreamKey });
  const sent = requests.filter(({ path }) => path === UPLOAD_PATH);
  const bytes = sent.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
  return { begun: Math.round(bytes / FILM_BYTES), bytes };
}

async function declare(rule: object, path = 'google-files'): Promise<void> {
  const answer = await fetch(`${simulator.url}/__control/${path}`, { method: 'POST', body: JSON.stringify(rule) });
  expect(answer.status).toBe(201);
}

let film: Film;
beforeAll(async () => {
  film = await uploadFilm();
});

describe('a film larger than a request', () => {
  it('is sent to each project once, whoever names it in whichever dialect', async () => {
    const one = await ownProject();
    const first = await ask(one.model, film);
    const place = /\[file at (http:[^\]]+\/gemini\/v1beta\/files\/\w+)\]/.exec(first)?.[1];
    expect(place).toBeDefined();
    expect(await ask(one.model, film)).toContain(`[file at ${place}]`);
    const completion = await openai.chat.completions.create({
      model: one.model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what?' },
            { type: 'file', file: { file_id: film.id } },
          ],
        },
      ],
    });
    expect(completion.choices[0]?.message.content).toContain(`[file at ${place}]`);
    const response = await openai.responses.create({
      model: one.model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_file', file_id: film.id },
            { type: 'input_text', text: 'what?' },
          ],
        },
      ],
    });
    expect(response.output_text).toContain(`[file at ${place}]`);
    const begun = await openai.responses.create({
      model: one.model,
      background: true,
      input: [{ role: 'user', content: [{ type: 'input_file', file_id: film.id }] }],
    });
    const later = await eventually('a response in the background', async () => {
      const found = await openai.responses.retrieve(begun.id);
      return found.status === 'completed' && found;
    });
    expect(later.output_text).toContain(`[file at ${place}]`);
    const message = await anthropic.beta.messages.create({
      model: one.model,
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source: { type: 'file', file_id: film.id } },
            { type: 'text', text: 'what?' },
          ],
        },
      ],
    });
    expect(JSON.stringify(message.content)).toContain(`[file at ${place}]`);
    expect(await uploadsOf(one)).toEqual({ begun: 1, bytes: FILM_BYTES });
  });

  it('is sent to another project as well, once for all of its keys', async () => {
    const quotaGroup = unique('project');
    const keys = [await ownProject({ quotaGroup }), await ownProject({ quotaGroup })] as const;
    await declare({ keys: keys.map(({ upstreamKey }) => upstreamKey), limit: 100, windowMs: 60_000 }, 'quotas');
    const told = await ask(keys[0].model, film);
    expect(await ask(keys[1].model, film)).toBe(told);
    expect([(await uploadsOf(keys[0])).begun, (await uploadsOf(keys[1])).begun]).toEqual([1, 0]);
  });

  it('named twice at once is sent once, goes on where its connection broke off, and is sent anew when it was dropped', async () => {
    const project = await ownProject();
    const { upstreamKey: key, model } = project;
    await declare({ key, cutAfterBytes: 20 * MEBIBYTE, processingMs: 900 });
    const both = await Promise.all([ask(model, film), ask(model, film)]);
    expect(both[0]).toContain('[file at ');
    expect(both[1]).toBe(both[0]);
    expect((await uploadsOf(project)).bytes).toBe(FILM_BYTES);
    await declare({ key, drop: true });
    expect(await ask(model, film)).not.toBe(both[0]);
    expect((await uploadsOf(project)).begun).toBe(2);
    expect((await admin.readCredential(project.credentialId)).state).toBe('ready');
  });

  it('that cannot be prepared is refused by its field', async () => {
    const project = await ownProject();
    await declare({ key: project.upstreamKey, failsProcessing: true });
    const messages = [{ role: 'user' as const, content: [{ type: 'file' as const, file: { file_id: film.id } }] }];
    await expect(openai.chat.completions.create({ model: project.model, messages })).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content[0].file.file_id',
      message: expect.stringContaining('The file could not be processed.') as string,
    });
  });

  it('is not sent on where its caller has left', async () => {
    const project = await ownProject();
    const { upstreamKey: key } = project;
    await simulator.addFault({ match: { key, path: UPLOAD_PATH }, fault: { firstByteDelayMs: 20_000 } });
    const controller = new AbortController();
    const asked = ask(project.model, film, controller.signal).catch((error: unknown) => error);
    await simulator.waitFor('received', { key });
    controller.abort();
    expect(await asked).toMatchObject({ name: 'AbortError' });
    await simulator.waitFor('aborted', { key });
  });

  it('is refused, by field and bound, where nobody takes files beside a request', async () => {
    const messages = [{ role: 'user' as const, content: [{ type: 'file' as const, file: { file_id: film.id } }] }];
    await expect(openai.chat.completions.create({ model: 'sim-chat', messages })).rejects.toMatchObject({
      status: 413,
      param: 'messages[0].content[0].file.file_id',
      message: expect.stringContaining('33554432 bytes together') as string,
    });
    const express = await admin.createModel({
      upstream: 'gemini',
      kind: 'vertex-express',
      baseUrl: `${run.simulator ?? ''}/gemini/v1beta1/publishers/google`,
    });
    const asked = ask(express.model, film);
    await expect(asked).rejects.toMatchObject({ status: 503 });
    expect((await simulator.requests({ key: express.upstreamKey })).counts.received).toBe(0);
  });
});
