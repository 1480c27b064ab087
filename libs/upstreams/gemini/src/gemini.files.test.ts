import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Message } from '@sluice/contracts/chat';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { collect } from './collect.js';
import { createTestContext } from './create-test-context.js';
import { chat } from './gemini.chat.js';
import { files } from './gemini.files.js';
import { uploadAddress, uploadRoot } from './upload-address.js';

const UPLOAD = 'http://upstream.test/upload/v1beta/files?upload_id=u1&upload_protocol=resumable';
const FILM = {
  name: 'files/abc123',
  uri: 'https://generativelanguage.googleapis.com/v1beta/files/abc123',
  state: 'ACTIVE',
  expirationTime: '2026-11-23T00:00:00Z',
};
const PLACED = { name: FILM.name, uri: FILM.uri, state: 'ready', expiresAtMs: Date.parse(FILM.expirationTime) };

function at(...answers: FakeAnswer[]) {
  const http = createFakeHttp(...answers);
  return { http, context: createTestContext({ http }) };
}

const json = (body: object, headers: Record<string, string> = {}): FakeAnswer => ({
  pieces: [JSON.stringify(body)],
  headers,
});

async function* bytes() {
  yield Buffer.from('film');
}

async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (thrown instanceof GatewayError) return thrown;
  throw new Error(`no failure: ${String(thrown)}`);
}

describe('a file', () => {
  it('begins with what it is, and goes where Google says', async () => {
    const { http, context } = at({ headers: { 'x-goog-upload-url': UPLOAD } });
    const media = { mediaType: 'application/octet-stream', filename: 'a.mp4', bytes: 4 };
    expect(await files.begin(media, context)).toBe(UPLOAD);
    expect(http.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://upstream.test/upload/v1beta/files',
      headers: {
        'x-goog-api-key': 'key-sealed',
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': '4',
        'x-goog-upload-header-content-type': 'video/mp4',
      },
      body: '{"file":{"displayName":"a.mp4"}}',
    });
    expect(http.openBodies()).toBe(0);
  });

  it('is sent as it is read, from where it stands', async () => {
    const { http, context } = at(json({ file: FILM }, { 'x-goog-upload-status': 'final' }));
    const body = bytes();
    expect(await files.send(UPLOAD, { offset: 8, bytes: 4, body }, context)).toEqual(PLACED);
    const headers = { 'content-length': '4', 'x-goog-upload-command': 'upload, finalize', 'x-goog-upload-offset': '8' };
    expect(http.requests[0]).toMatchObject({ url: UPLOAD, headers, body });
  });

  it('that broke off is asked how far it has come', async () => {
    const { context } = at(
      { headers: { 'x-goog-upload-status': 'active', 'x-goog-upload-size-received': '262144' } },
      json({ file: FILM }, { 'x-goog-upload-status': 'final' }),
      { headers: { 'x-goog-upload-status': 'cancelled' } },
    );
    expect(await files.received(UPLOAD, context)).toBe(262_144);
    expect(await files.received(UPLOAD, context)).toEqual(PLACED);
    expect(await files.received(UPLOAD, context)).toBeUndefined();
  });

  it.each([
    ['PROCESSING', { state: 'preparing' }],
    ['ACTIVE', { state: 'ready' }],
    ['FAILED', { state: 'failed', reason: 'no film' }],
  ])('is looked at: %s', async (state, told) => {
    const { http, context } = at(
      json({ ...FILM, state, ...(state === 'FAILED' && { error: { message: 'no film' } }) }),
    );
    expect(await files.look('files/abc123', context)).toMatchObject(told);
    expect(http.requests[0]?.url).toBe('http://upstream.test/v1beta/files/abc123');
  });

  it('that is no file is a bad answer, and a refusal what it says', async () => {
    expect(await failureOf(files.look('files/a', at(json({})).context))).toMatchObject({ code: 'upstream_bad_answer' });
    const begun = files.begin({ mediaType: 'video/mp4', bytes: 1 }, at({ headers: {} }).context);
    expect(await failureOf(begun)).toMatchObject({ code: 'upstream_bad_answer' });
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: 'Unsupported MIME type.' };
    const refused = at({ status: 400, pieces: [JSON.stringify({ error })] });
    expect(await failureOf(files.begin({ mediaType: 'a/b', bytes: 1 }, refused.context))).toMatchObject({
      code: 'invalid_request',
    });
  });
});

it.each([
  [403, 'PERMISSION_DENIED', 'You do not have permission to access the File abc or it may not exist.', true],
  [404, 'NOT_FOUND', 'Requested entity was not found.', true],
  [403, 'PERMISSION_DENIED', 'The caller does not have permission.', false],
  [404, 'NOT_FOUND', 'models/x is not found for API version v1beta.', false],
])('%i %s: "%s" means that a file is gone: %s', async (status, name, message, expected) => {
  const { context } = at({ status, pieces: [JSON.stringify({ error: { code: status, status: name, message } })] });
  const error = await failureOf(files.look('files/abc', context));
  expect(files.isGone(error)).toBe(expected);
});

describe('the address of an upload', () => {
  it.each([
    ['https://g.test', 'https://g.test/upload/v1beta/files'],
    ['https://g.test/v1', 'https://g.test/upload/v1/files'],
    ['http://relay.test/gemini/v1beta', 'http://relay.test/gemini/upload/v1beta/files'],
  ])('of %s stands before the version', (baseUrl, expected) => expect(uploadRoot(baseUrl)).toBe(expected));

  it('stays at home, where the key may be shown and the proxy leads', () => {
    const google = 'https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=u';
    expect(uploadAddress(google, 'http://relay.test/gemini')).toBe(
      'http://relay.test/gemini/upload/v1beta/files?upload_id=u',
    );
    expect(uploadAddress('http://relay.test/elsewhere?id=u', 'http://relay.test/gemini')).toContain('/elsewhere?id=u');
    expect(() => uploadAddress('http://10.0.0.1/steal', 'http://relay.test')).toThrow('strange address');
  });
});

describe('a request', () => {
  const answer = {
    pieces: [JSON.stringify({ candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }] })],
  };
  const fileUris = new Map([['files/film.mp4', FILM.uri]]);
  const named = { fileData: { mimeType: 'video/mp4', fileUri: FILM.uri } };

  async function asked(request: Message, more: object = {}) {
    const http = createFakeHttp(answer);
    await collect(
      chat({ model: 'm', messages: [request] }, createTestContext({ http, fileUris, isStreamed: false, ...more })),
    );
    return JSON.parse(String(http.requests[0]?.body)).contents[0].parts as object[];
  }

  it('names files by where they lie, in any dialect', async () => {
    const source = { type: 'file' as const, fileId: 'files/film.mp4', mediaType: 'video/mp4' };
    const other = { type: 'file' as const, source: { ...source, fileId: 'files/google' } };
    const parts = await asked({ role: 'user', content: [{ type: 'file', source, filename: 'a.mp4' }, other] });
    expect(parts).toEqual([named, { fileData: { mimeType: 'video/mp4', fileUri: 'files/google' } }]);
  });

  it('of the client’s own body keeps all else', async () => {
    const part = { fileData: { mimeType: 'video/mp4', fileUri: 'files/film.mp4' }, videoMetadata: { fps: 1 } };
    const body = { contents: [{ role: 'user', parts: [part, { text: 'what?' }] }] };
    const parts = await asked({ role: 'user', content: [] }, { native: { dialect: 'gemini-generate', body } });
    expect(parts).toEqual([{ ...named, videoMetadata: { fps: 1 } }, { text: 'what?' }]);
  });
});
