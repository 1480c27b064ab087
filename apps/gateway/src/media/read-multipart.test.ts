import { systemClock } from '@sluice/contracts/clock';
import type { MediaClass } from '@sluice/domain-assets/media-class';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { readMultipart } from './read-multipart.js';
import { registerMultipart } from './register-multipart.js';

const MEBIBYTE = 1024 * 1024;
const CLASSES: Record<string, MediaClass> = { picture: 'image', film: 'video' };

let root: string;
let server: FastifyInstance;
let port: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-form-'));
  const store = createFileSystemMediaStore({ root });
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock: systemClock, maximumBytes: 4 * MEBIBYTE });
  server = fastify();
  registerMultipart(server);
  server.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  server.post('/form', (request) => readMultipart(request, { intake, accept: (field) => CLASSES[field] }));
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.server.closeAllConnections();
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** Every file that is left, of whatever the store keeps. */
async function leftovers(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function png(width: number, height: number): Blob {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return new Blob([bytes], { type: 'image/png' });
}

async function post(form: FormData): Promise<{ status: number; body: Record<string, never> }> {
  const response = await fetch(`http://127.0.0.1:${port}/form`, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

it('what is no form is not watched for its sake', async () => {
  const watchers = async (one: FastifyInstance) => {
    one.get('/', (_request, reply) => ({ count: reply.raw.listenerCount('close') }));
    return (await one.inject('/')).json<unknown>();
  };
  const taking = fastify();
  registerMultipart(taking);
  expect(await watchers(taking)).toEqual(await watchers(fastify()));
});

/** A form as bytes, for what no client library would send. */
async function postRaw(contentType: string, body: string | Buffer) {
  const options = { method: 'POST', headers: { 'content-type': contentType }, body };
  const response = await fetch(`http://127.0.0.1:${port}/form`, options);
  return { status: response.status, body: (await response.json()) as { error: { message: string; param: string } } };
}

const form = (...parts: [string, string | Blob, string?][]) => {
  const data = new FormData();
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, filename);
  }
  return data;
};

describe('a form', () => {
  it('is read in its order, its files into the store', async () => {
    const { status, body } = await post(
      form(['prompt', 'a cat'], ['picture', png(2, 3), 'cät.png'], ['tags[]', 'a'], ['tags[]', 'b']),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      fields: [
        { name: 'prompt', value: 'a cat' },
        { name: 'tags[]', value: 'a' },
        { name: 'tags[]', value: 'b' },
      ],
      files: [
        {
          name: 'picture',
          media: {
            key: expect.stringMatching(/^uploads\/[0-9a-f]{32}\.png$/),
            mediaType: 'image/png',
            bytes: 64,
            filename: 'cät.png',
          },
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
    expect(await leftovers()).toHaveLength(2);
  });

  it('may have no file, and values that look like JSON stay text', async () => {
    const { body } = await post(form(['prompt', 'a'], ['seconds', '4'], ['x', '{"a":1}']));
    expect(body).toMatchObject({ files: [], fields: [{}, { value: '4' }, { value: '{"a":1}' }] });
  });
});

describe('nothing is kept of a form', () => {
  const whole = form(['picture', png(1, 1), 'a.png']);

  it.each<[string, [string, string | Blob, string?], number, string, RegExp]>([
    ['a file where none is expected', ['prompt', png(1, 1), 'p.png'], 400, 'prompt', /no file is expected/],
    ['a film for a picture', ['picture', new Blob(['\0\0\0\x20ftypisom']), 'a'], 400, 'picture', /of type video\/mp4/],
    ['text for a picture', ['picture', new Blob(['<svg/>'], { type: 'image/png' }), 'a'], 400, 'picture', /known type/],
    ['an empty file', ['picture', new Blob([]), 'a.png'], 400, 'picture', /empty/],
    [
      'a file of another type than declared',
      ['picture', new Blob([png(1, 1)], { type: 'image/jpeg' }), 'a'],
      400,
      'picture',
      /declared as image\/jpeg/,
    ],
    ['an image bomb', ['picture', png(60_000, 60_000), 'a.png'], 400, 'picture', /60000x60000/],
    ['an image cut off in its header', ['picture', new Blob([png(1, 1).slice(0, 12)]), 'a'], 400, 'picture', /damaged/],
    [
      'a file that is too large',
      ['picture', new Blob([png(1, 1), Buffer.alloc(5 * MEBIBYTE)], { type: 'image/png' }), 'a'],
      413,
      'picture',
      /larger than/,
    ],
  ])('with %s', async (_name, part, status, param, message) => {
    const data = form(['film', new Blob(['\0\0\0\x20ftypisom and so on']), 'film.mp4'], part);
    const answer = await post(data);
    expect(answer).toMatchObject({ status, body: { error: { param, message: expect.stringMatching(message) } } });
    expect(await leftovers()).toEqual([]);
  });

  it('of too many parts', async () => {
    const fields = Array.from({ length: 250 }, (_, index): [string, string] => [`f${index}`, 'x']);
    expect(await post(form(['picture', png(1, 1), 'a.png'], ...fields))).toMatchObject({ status: 413 });
    const files = Array.from({ length: 17 }, (): [string, Blob, string] => ['picture', png(1, 1), 'a.png']);
    expect(await post(form(...files))).toMatchObject({ status: 413 });
    expect(await leftovers()).toEqual([]);
  });

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['without an end', 'multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nx'],
    ['that is no form', 'multipart/form-data; boundary=b', 'hello there'],
    [
      'with a file cut off',
      'multipart/form-data; boundary=b',
      Buffer.concat([
        Buffer.from('--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'),
        Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010000', 'hex'),
      ]),
    ],
    [
      'with a name that is no name',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n',
    ],
  ])('%s', async (_name, type, body) => {
    const answer = await postRaw(type, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/multipart\/form-data/);
    expect(await leftovers()).toEqual([]);
  });

  it('whose client leaves in the middle of a file', async () => {
    const socket = connect(port, '127.0.0.1');
    const head = '--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n';
    socket.write('POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n');
    socket.write(`content-length: 1000000\r\n\r\n${head}`);
    socket.write(Buffer.concat([Buffer.from(await png(1, 1).arrayBuffer()), Buffer.alloc(300_000)]));
    await expect.poll(leftovers).toHaveLength(1);
    socket.destroy();
    await expect.poll(leftovers).toEqual([]);
  });

  it('that never ends: it is answered early, and cut off', async () => {
    const socket = connect(port, '127.0.0.1');
    const head = '--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n';
    socket.write('POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n');
    socket.write(`content-length: ${1_900 * MEBIBYTE}\r\n\r\n${head}`);
    socket.write(Buffer.from(await png(1, 1).arrayBuffer()));
    let sentBytes = 0;
    let answer = '';
    const filler = Buffer.alloc(MEBIBYTE);
    const pump = () => {
      while (socket.writable && socket.write(filler)) sentBytes += filler.byteLength;
    };
    socket.on('drain', pump).on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    pump();
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(sentBytes).toBeLessThan(200 * MEBIBYTE);
    expect(await leftovers()).toEqual([]);
  });

  it('announced as larger than any, without reading it', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n');
    socket.write(`content-length: ${5_000 * MEBIBYTE}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it('and the next one on the same connection is read', async () => {
    expect(await post(form(['prompt', png(1, 1), 'p.png']))).toMatchObject({ status: 400 });
    expect(await post(whole)).toMatchObject({ status: 200 });
  });
});
