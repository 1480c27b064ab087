import { ApiError, createPartFromUri, GoogleGenAI, type File } from '@google/genai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

const KEY = 'sim-key-files';
const MEBIBYTE = 1024 * 1024;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
afterEach(() => fetch(`${simulator.url}/__control/reset`, { method: 'POST', body: '{}' }));

const clientOf = (apiKey: string) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${simulator.url}/gemini` } });
const control = (path: string, body: object) =>
  fetch(`${simulator.url}/__control/${path}`, { method: 'POST', body: JSON.stringify(body) });

function upload(apiKey = KEY, { mimeType = 'text/plain', bytes = 5 } = {}): Promise<File> {
  return clientOf(apiKey).files.upload({ file: new Blob([Buffer.alloc(bytes, 1)], { type: mimeType }) });
}

async function name({ uri = '', mimeType = '' }: File, apiKey = KEY): Promise<string | undefined> {
  const contents = ['what?', createPartFromUri(uri, mimeType)];
  return (await clientOf(apiKey).models.generateContent({ model: 'sim-gemini-3.5-flash', contents })).text;
}

async function statusOf(run: Promise<unknown>): Promise<number> {
  const thrown: unknown = await run.catch((error: unknown) => error);
  if (thrown instanceof ApiError) return thrown.status;
  throw new Error(`not refused: ${String(thrown)}`);
}

describe('files of a project', () => {
  it('come in pieces, are named, listed and deleted by its keys', async () => {
    const file = await upload(KEY, { bytes: 17 * MEBIBYTE });
    expect(file).toMatchObject({ sizeBytes: String(17 * MEBIBYTE), state: 'ACTIVE', source: 'UPLOADED' });
    expect(await name(file)).toContain(`[file at ${file.uri}]`);
    await control('quotas', { keys: [KEY, 'sim-key-beside'], limit: 100, windowMs: 60_000 });
    expect(await name(file, 'sim-key-beside')).toContain(`[file at ${file.uri}]`);
    const listed: (string | undefined)[] = [];
    for await (const each of await clientOf(KEY).files.list()) listed.push(each.name);
    expect(listed).toEqual([file.name]);
    await clientOf(KEY).files.delete({ name: file.name ?? '' });
    expect(await statusOf(name(file))).toBe(403);
  });

  it('are as unknown to others as what is not there', async () => {
    const file = await upload();
    expect(await statusOf(name(file, 'sim-key-other'))).toBe(403);
    expect(await statusOf(clientOf('sim-key-other').files.get({ name: file.name ?? '' }))).toBe(403);
    await control('google-files', { key: KEY, drop: true });
    expect(await statusOf(name(file))).toBe(403);
  });

  it('that are films are prepared before they can be named, and may fail', async () => {
    await control('google-files', { key: KEY, processingMs: 3_600_000 });
    const film = await upload(KEY, { mimeType: 'video/mp4' });
    expect(film.state).toBe('PROCESSING');
    expect(await statusOf(name(film))).toBe(400);
    await control('google-files', { key: KEY, processingMs: 0, failsProcessing: true });
    const broken = await upload(KEY, { mimeType: 'video/mp4' });
    expect(broken).toMatchObject({ state: 'FAILED', error: { message: 'The file could not be processed.' } });
  });
});

describe('an upload', () => {
  const send = (url: string, command: string, { offset = '0', body = '' } = {}) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { 'x-goog-api-key': KEY, 'x-goog-upload-command': command, 'x-goog-upload-offset': offset },
    });

  async function begin(bytes: number, more: Record<string, string> = {}): Promise<Response> {
    return fetch(`${simulator.url}/gemini/upload/v1beta/files`, {
      method: 'POST',
      body: '{"file":{"display_name":"a"}}',
      headers: {
        'x-goog-api-key': KEY,
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': String(bytes),
        'x-goog-upload-header-content-type': 'text/plain',
        ...more,
      },
    });
  }

  it('keeps to its protocol: whole, in order, in large pieces, once', async () => {
    expect((await begin(5, { 'x-goog-upload-protocol': 'raw' })).status).toBe(400);
    const url = (await begin(5)).headers.get('x-goog-upload-url') ?? '';
    expect((await send(url, 'upload', { body: 'hel' })).status).toBe(400);
    expect((await send(url, 'upload, finalize', { offset: '1', body: 'hello' })).status).toBe(400);
    const done = await send(url, 'upload, finalize', { body: 'hello' });
    expect([done.status, done.headers.get('x-goog-upload-status')]).toEqual([200, 'final']);
    expect((await send(url, 'upload, finalize', { body: 'hello' })).status).toBe(400);
    expect((await send(url, 'query')).headers.get('x-goog-upload-status')).toBe('final');
  });

  it('that is cut tells how far it has come, and goes on there', async () => {
    await control('google-files', { key: KEY, cutAfterBytes: 1 });
    const url = (await begin(5)).headers.get('x-goog-upload-url') ?? '';
    await expect(send(url, 'upload, finalize', { body: 'hello' })).rejects.toThrow();
    const asked = await send(url, 'query');
    expect(asked.headers.get('x-goog-upload-size-received')).toBe('5');
    expect((await send(url, 'upload, finalize', { offset: '5' })).status).toBe(200);
  });
});
