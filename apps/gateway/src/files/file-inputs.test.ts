import type { UserContent } from '@sluice/contracts/chat';
import type { Json } from '@sluice/contracts/json';
import { createClientFileId } from '@sluice/contracts/client-file-id';
import { decodeRequest } from '@sluice/wire-openai-chat/decode-request';
import { describe, expect, it } from 'vitest';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { FileInputs } from './file-inputs.service.js';
import { readMediaLink } from './read-media-link.js';

const PDF = createClientFileId(1);
const PICTURE = createClientFileId(2);
const FILM = createClientFileId(3);
const LINK = 'https://sluice.example/base/media/files/a.png?expires=1&signature=abc';
const STALE = LINK.replace('abc', 'old');

const FILES = new Map([
  [PDF, { mediaType: 'application/pdf', text: 'pdf', filename: 'a.pdf' }],
  [PICTURE, { mediaType: 'image/png', text: 'png', filename: 'a.png' }],
  [FILM, { mediaType: 'video/mp4', text: 'film', filename: 'b.mp4', bytes: 32 * 1024 * 1024 }],
  [LINK, { mediaType: 'image/png', text: 'link', filename: 'c.png' }],
]);

const inputs = new FileInputs({
  isName: (text) => text.startsWith('file-0') || readMediaLink(text) !== undefined,
  find: async (name, ownerKeyId) => {
    const file = ownerKeyId === 'owner' ? FILES.get(name) : undefined;
    if (!file) return undefined;
    const { mediaType, text, filename, bytes = text.length } = file;
    return { key: `files/${text}`, mediaType, bytes, filename };
  },
  read: async ({ key }) =>
    (async function* () {
      yield Buffer.from(key.replace('files/', ''));
    })(),
  digest: async ({ key }) => `digest of ${key}`,
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function around(parts: Json[], keyId = 'owner') {
  const body = { model: 'm', messages: [{ role: 'user', content: parts }] };
  const { request, native } = decodeRequest(body);
  const call: DecodedCall = {
    dialect: 'openai-chat',
    input: { kind: 'chat', request, native: { dialect: 'openai-chat', body: native } },
    isStreamed: false,
    ignored: [],
    openStream: () => ({ encode: () => '', heartbeat: () => '' }),
    encodeWhole: () => ({}),
  };
  const context = { keyId, requestId: 'r', traceparent: '', deadlineMs: 1, bodyBytes: 1 };
  const done = inputs.around(call, { context, body, header: () => undefined });
  const { input, addedBytes } = await done;
  if (input.kind !== 'chat') throw new Error('not a chat');
  const messages = (input.native?.body['messages'] ?? []) as { content: Json[] }[];
  return {
    isSame: done === call,
    addedBytes,
    files: input.files,
    content: (input.request.messages[0]?.content ?? []) as UserContent[],
    native: JSON.parse(JSON.stringify(messages[0]?.content)) as Json[],
  };
}

const file = (id: string, filename?: string) => ({
  type: 'file',
  file: { file_id: id, ...(filename && { filename }) },
});
const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'low' } });

describe('a conversation that names files', () => {
  it('gets them, in both of its forms', async () => {
    const { content, native, addedBytes } = await around([{ type: 'text', text: 'what is this?' }, file(PDF)]);
    const data = { type: 'data', mediaType: 'application/pdf', base64: base64('pdf') };
    expect(content[1]).toEqual({ type: 'file', source: data, filename: 'a.pdf' });
    const file_data = `data:application/pdf;base64,${base64('pdf')}`;
    expect(native[1]).toEqual({ type: 'file', file: { filename: 'a.pdf', file_data } });
    expect(native[0]).toEqual({ type: 'text', text: 'what is this?' });
    expect(addedBytes).toBe(8);
  });

  it('keeps the name that the client gives a file', async () => {
    const { content, native } = await around([file(PDF, 'mine.pdf')]);
    expect(content[0]).toMatchObject({ filename: 'mine.pdf' });
    expect(native[0]).toMatchObject({ file: { filename: 'mine.pdf' } });
  });

  it('shows a picture as a picture, by its id or its link', async () => {
    const { content, native } = await around([file(PICTURE), image(LINK)]);
    expect(content).toEqual([
      { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: base64('png') } },
      { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: base64('link') }, detail: 'low' },
    ]);
    expect(native).toEqual([
      { type: 'image_url', image_url: { url: `data:image/png;base64,${base64('png')}` } },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${base64('link')}`, detail: 'low' } },
    ]);
  });

  it('is left as it is, at once, where it names none of ours', async () => {
    const parts = [file('file-AbCvendor'), image('https://example.com/a.png')];
    expect(await around(parts)).toMatchObject({ isSame: true, native: parts });
  });

  it('carries what fits, and is told of the rest by a name that its messages have', async () => {
    const { content, files } = await around([file(FILM, 'mine.mp4'), file(PDF)]);
    const media = { key: 'files/film', mediaType: 'video/mp4', bytes: 32 * 1024 * 1024, filename: 'b.mp4' };
    const param = 'messages[0].content[0].file.file_id';
    expect(files).toEqual([{ id: 'files/film', media, sha256: 'digest of files/film', param }]);
    const source = { type: 'file', fileId: 'files/film', mediaType: 'video/mp4' };
    expect(content).toMatchObject([{ type: 'file', source, filename: 'mine.mp4' }, { source: { type: 'data' } }]);
    expect((await around([file(FILM)])).files).toBeUndefined();
  });

  it('leaves a link that has expired to whoever fetches it', async () => {
    expect(await around([image(STALE)])).toMatchObject({ isSame: false, native: [image(STALE)] });
  });

  it.each([
    [
      'another’s file',
      [{ type: 'text', text: 'a' }, file(PDF)],
      'not_found',
      'messages[0].content[1].file.file_id',
      'b',
    ],
    ['a file that is not there', [file(createClientFileId(9))], 'not_found', 'messages[0].content[0].file.file_id', ''],
  ])('is refused %s by the name of its field', async (_name, parts, code, param, owner) => {
    await expect(around(parts, owner || undefined)).rejects.toMatchObject({ code, data: { param } });
  });
});
