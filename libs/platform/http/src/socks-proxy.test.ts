import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpAgents } from './http-agents.js';
import { createHttpPort } from './create-http-port.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const read = async (socket: Socket): Promise<Buffer> => ((await once(socket, 'data')) as [Buffer])[0];

/** A SOCKS5 proxy (RFC 1928, 1929) that wants `user` and `word`, and connects whoever asks to one port. */
async function startSocksProxy(targetPort: number, asked: string[]): Promise<number> {
  const serve = async (socket: Socket) => {
    await read(socket);
    socket.write(Buffer.from([5, 2]));
    const login = await read(socket);
    asked.push(login.subarray(2, 2 + (login[1] ?? 0)).toString(), login.subarray(3 + (login[1] ?? 0)).toString());
    socket.write(Buffer.from([1, 0]));
    const request = await read(socket);
    if (request[3] === 3) asked.push(request.subarray(5, 5 + (request[4] ?? 0)).toString());
    const target = connect(targetPort, '127.0.0.1').on('error', () => socket.destroy());
    await once(target, 'connect');
    cleanups.push(() => target.destroy());
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
    socket.pipe(target).pipe(socket);
  };
  return listen(
    createTcpServer((socket) => {
      cleanups.push(() => socket.destroy());
      serve(socket.on('error', () => undefined)).catch(() => socket.destroy());
    }),
  );
}

test('goes through a SOCKS5 proxy with its password, which resolves the name', async () => {
  const server = createServer((_request, response) => response.end('through'));
  const asked: string[] = [];
  const proxyPort = await startSocksProxy(await listen(server), asked);
  const agents = createHttpAgents({ connectTimeoutMs: 2_000 });
  cleanups.push(() => agents.close());
  const port = createHttpPort({
    allowPrivateNetwork: true,
    proxyUrl: `socks5://user:word@127.0.0.1:${proxyPort}`,
    agents,
  });
  const response = await port.request({
    method: 'GET',
    url: 'http://upstream.invalid/',
    signal: AbortSignal.timeout(3_000),
  });
  expect(await response.text()).toBe('through');
  expect(asked).toEqual(['user', 'word', 'upstream.invalid']);
});
