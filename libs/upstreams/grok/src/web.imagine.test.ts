import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MessageSocket } from '@sluice/contracts/http-port';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { imagine } from './web.imagine.js';

const BLOB = Buffer.from('the whole picture').toString('base64');

async function draw(messages: object[], request: object = {}) {
  const sent: unknown[] = [];
  const socket: MessageSocket = {
    messages: (async function* () {
      for (const message of messages) yield JSON.stringify(message);
    })(),
    send: (message) => void sent.push(JSON.parse(message)),
    close: () => {},
  };
  const http = { ...createFakeHttp(), connect: () => Promise.resolve(socket) };
  const files = await imagine({ model: 'm', prompt: 'a cat', ...request }, createSessionContext({ http }));
  return { files, sent };
}

describe('a drawing by websocket', () => {
  it('is over when the picture is whole, and keeps the largest of what came', async () => {
    const { files, sent } = await draw(
      [
        { type: 'image', id: 'a', order: 0, blob: 'AA==', percentage_complete: 40 },
        { type: 'image', id: 'a', blob: BLOB, percentage_complete: 90 },
        { type: 'json', order: 0, current_status: 'completed', percentage_complete: 100, moderated: false },
      ],
      { aspectRatio: '16:9' },
    );
    expect(files?.map((file) => 'bytes' in file && Buffer.from(file.bytes).toString())).toEqual(['the whole picture']);
    expect(sent).toMatchObject([{ item: { content: [{ text: 'a cat', properties: { aspect_ratio: '16:9' } }] } }]);
  });

  it('tells pictures apart by their places where they have no ids', async () => {
    const { files } = await draw(
      [
        { type: 'image', order: 0, blob: BLOB, percentage_complete: 100 },
        { type: 'image', order: 1, blob: BLOB, percentage_complete: 100 },
      ],
      { count: 2 },
    );
    expect(files).toHaveLength(2);
  });

  it.each([
    [
      [{ type: 'error', err_code: 'rate_limit_exceeded', err_msg: 'Image rate limit exceeded' }],
      'upstream_rate_limited',
    ],
    [[{ type: 'json', order: 0, current_status: 'completed', moderated: true }], 'content_refused'],
    [[{ type: 'image', order: 0, blob: 'AA==', percentage_complete: 10 }], 'upstream_interrupted'],
    [[], 'upstream_interrupted'],
  ])('%j is told as what it is', async (messages, code) => {
    await expect(draw(messages)).rejects.toMatchObject({ code });
  });

  it('that is refused before it began was not made; what is whole by then is kept', async () => {
    const limited = { type: 'error', err_code: 'rate_limit_exceeded', err_msg: 'Image rate limit exceeded' };
    await expect(draw([limited])).rejects.toMatchObject({ data: { saw: 'refused' } });
    const begun = { type: 'image', order: 0, blob: 'AA==', percentage_complete: 10 };
    await expect(draw([begun, limited])).rejects.toMatchObject({ data: { saw: 'unknown' } });
    const broken = { type: 'error', err_msg: 'internal' };
    await expect(draw([broken])).rejects.toMatchObject({ data: { saw: 'unknown' } });
    const whole = { type: 'image', order: 0, blob: BLOB, percentage_complete: 100 };
    expect((await draw([whole, limited], { count: 2 })).files).toHaveLength(1);
  });

  it('keeps what an earlier request made where no other can be begun', async () => {
    const whole = (order: number) => ({ type: 'image', order, blob: BLOB, percentage_complete: 100 });
    const socket: MessageSocket = {
      messages: (async function* () {
        for (const order of [0, 1, 2, 3]) yield JSON.stringify(whole(order));
      })(),
      send: () => {},
      close: () => {},
    };
    const sockets = [socket];
    const away = new GatewayError('unavailable', 'The database is away.', { saw: 'unknown' });
    const connect = () => Promise.resolve(sockets.shift()).then((next) => next ?? Promise.reject(away));
    const http = { ...createFakeHttp(), connect };
    const request = { model: 'm', prompt: 'p', count: 6 };
    expect(await imagine(request, createSessionContext({ http }))).toHaveLength(4);
  });

  it('leaves it to a chat where the handshake is refused', async () => {
    const refused = new GatewayError('upstream_unreachable', 'no', { saw: 'nothing' });
    const http = { ...createFakeHttp(), connect: () => Promise.reject(refused) };
    expect(await imagine({ model: 'm', prompt: 'p' }, createSessionContext({ http }))).toBeUndefined();
  });

  it('refuses a shape that it has not', async () => {
    await expect(draw([], { aspectRatio: '21:9' })).rejects.toMatchObject({
      data: { param: 'aspect_ratio', saw: 'nothing' },
    });
  });
});
