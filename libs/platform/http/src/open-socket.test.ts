import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpPort } from './create-http-port.js';
import { createHttpAgents } from './http-agents.js';

let server: Server;
let port: number;
const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
const open = createHttpPort({ allowPrivateNetwork: true, agents });

/** Text of less than 126 bytes, unmasked, as a server sends it. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}

beforeAll(async () => {
  server = createServer();
  server.on('upgrade', (request, socket) => {
    if (request.url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(frame(`cookie ${request.headers.cookie ?? ''}`));
      socket.write(frame('two'));
      if (request.url === '/cut') return void socket.destroy();
      socket.end(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  await agents.close();
  server.close();
  server.closeAllConnections();
});

function connect(path: string, signal = new AbortController().signal) {
  const url = `ws://127.0.0.1:${port}${path}`;
  if (!open.connect) throw new Error('no sockets');
  return open.connect({ url, headers: { cookie: 'sso=1' }, signal });
}

it('carries messages both ways until the other side closes', async () => {
  const socket = await connect('/plain');
  socket.send('hello');
  const heard: string[] = [];
  for await (const message of socket.messages) heard.push(message);
  expect(heard).toEqual(['cookie sso=1', 'two']);
});

it('tells a connection that is lost', async () => {
  const socket = await connect('/cut');
  socket.send('hello');
  const heard = (async () => {
    for await (const _ of socket.messages);
  })();
  await expect(heard).rejects.toMatchObject({ code: 'upstream_interrupted', data: { saw: 'unknown' } });
});

it('tells a handshake that is refused', async () => {
  await expect(connect('/refused')).rejects.toMatchObject({ code: 'upstream_unreachable', data: { saw: 'nothing' } });
});

it('that falls silent is lost: nobody waits for it for ever', async () => {
  const handshake = { url: `ws://127.0.0.1:${port}/plain`, signal: new AbortController().signal, idleTimeoutMs: 20 };
  const socket = await open.connect?.(handshake);
  const heard = (async () => {
    // The server says nothing before it has heard something.
    for await (const _ of socket?.messages ?? []);
  })();
  await expect(heard).rejects.toMatchObject({ code: 'upstream_timeout', data: { saw: 'unknown' } });
});

it('ends with its caller', async () => {
  const leaving = new AbortController();
  const socket = await connect('/plain', leaving.signal);
  leaving.abort();
  const heard = (async () => {
    for await (const _ of socket.messages);
  })();
  await expect(heard).rejects.toMatchObject({ code: 'cancelled' });
});

it('does not reach private addresses where that is not allowed', async () => {
  const guarded = createHttpPort({ allowPrivateNetwork: false, agents });
  const handshake = { url: `ws://127.0.0.1:${port}/plain`, signal: new AbortController().signal };
  await expect(guarded.connect?.(handshake)).rejects.toMatchObject({ code: 'upstream_unreachable' });
});
