import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
let client: Socket;

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  proxy = await TcpProxy.start(typeof address === 'object' && address !== null ? address.port : 0);
  client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
});
afterEach(() => {
  client.destroy();
  proxy.close();
  echo.close();
});

async function echoed(pieces: readonly string[]): Promise<string> {
  const sent = pieces.join('');
  let text = '';
  const whole = new Promise<string>((resolve) => {
    client.on('data', (bytes) => {
      text += bytes.toString();
      if (text.length >= sent.length) resolve(text);
    });
  });
  for (const piece of pieces) client.write(piece);
  return whole;
}

it('passes bytes on', async () => {
  expect(await echoed(['hello'])).toBe('hello');
});

it('is slow when told to, and keeps the order', async () => {
  proxy.setDelay(40);
  const startedAtMs = performance.now();
  expect(await echoed(['abc', 'def'])).toBe('abcdef');
  // There and back.
  expect(performance.now() - startedAtMs).toBeGreaterThan(75);
});

it('cuts connections', async () => {
  await echoed(['x']);
  const gone = once(client, 'error');
  proxy.resetAll();
  const [error] = (await gone) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});
