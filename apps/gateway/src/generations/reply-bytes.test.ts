import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Part, PartRecord } from '@sluice/contracts/part';
import { afterEach, expect, it } from 'vitest';
import type { BytesEncoder } from './dialect-endpoint.js';
import { replyBytes } from './reply-bytes.js';
import type { Told } from './told.js';

const GENERATION = { id: 'gen_1', model: 'asked' } as Told['generation'];
const ATTEMPT: Part = { type: 'attempt', attempt: 1, upstream: 'u', model: 'ran', credentialId: 'c' };
const FAILED: Part = { type: 'failed', error: { code: 'upstream_error', message: 'no' } };
const sound = (text: string): Part => ({ type: 'speech-delta', base64: Buffer.from(text).toString('base64') });

const bytes: BytesEncoder = {
  contentType: (parts) => `audio/${parts.length}`,
  encode: (part) => (part.type === 'speech-delta' ? Buffer.from(part.base64, 'base64') : undefined),
};

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function* tailOf(batches: Part[][]): AsyncGenerator<PartRecord[]> {
  let sequence = 0;
  for (const batch of batches) yield batch.map((part) => ({ sequence: ++sequence, part }));
}

/** What a client gets; `thrown` is what was left to be told as a status. */
async function answer(...batches: Part[][]) {
  let end: (thrown: unknown) => void = () => undefined;
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  const reply = (response: ServerResponse) =>
    replyBytes({
      bytes,
      submitted: { generation: GENERATION, tail: tailOf(batches) },
      response,
      headers: { 'x-own': '1' },
    });
  const server = createServer((_request, response) => {
    reply(response).then(
      () => end(undefined),
      (error: unknown) => {
        response.destroy();
        end(error);
      },
    );
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const got = await new Promise<{ headers?: object; text: string; isWhole: boolean }>((resolve) => {
    const call = request({ port, host: '127.0.0.1' }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += String(piece)));
      response.on('error', () => undefined);
      response.on('close', () => resolve({ headers: response.headers, text, isWhole: response.complete }));
    });
    call.on('error', () => resolve({ text: '', isWhole: false }));
    call.end();
  });
  return { ...got, thrown: await ended };
}

it('sends bytes as they come, under the type that the first parts tell', async () => {
  const { headers, text, isWhole } = await answer([ATTEMPT, sound('a')], [sound('b')], [{ type: 'succeeded' }]);
  expect([text, isWhole]).toEqual(['ab', true]);
  expect(headers).toMatchObject({
    'content-type': 'audio/2',
    'x-own': '1',
    'x-sluice-generation': 'gen_1',
    'x-sluice-upstream': 'u',
    'x-sluice-model': 'ran',
  });
});

it('leaves a failure before the first byte to be a status', async () => {
  expect(await answer([ATTEMPT], [FAILED])).toMatchObject({ thrown: { code: 'upstream_error' }, text: '' });
});

it.each([
  ['fails', [FAILED]],
  ['just ends', []],
])('cuts an answer that %s after its first byte', async (_how, end) => {
  const { isWhole, thrown } = await answer([ATTEMPT, sound('a')], end);
  expect([isWhole, thrown]).toEqual([false, undefined]);
});
