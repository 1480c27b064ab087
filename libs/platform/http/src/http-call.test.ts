import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest } from '@sluice/contracts/http-port';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpAgents } from './http-agents.js';
import { createHttpPort } from './create-http-port.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const serve = (listener: RequestListener) => listen(createServer(listener));

function serveTcp(listener: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    cleanups.push(() => socket.destroy());
    listener(socket.on('error', () => undefined));
  });
  return listen(server);
}

function port({
  connectTimeoutMs = 2_000,
  ...options
}: { proxyUrl?: string; connectTimeoutMs?: number } = {}): HttpPort {
  const agents = createHttpAgents({ connectTimeoutMs });
  cleanups.push(() => agents.close());
  return createHttpPort({ allowPrivateNetwork: true, agents, ...options });
}

const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  body: '{}',
  signal: AbortSignal.timeout(5_000),
  ...more,
});

async function failureOf(work: Promise<unknown>): Promise<GatewayError['data']> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error.data;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a call that has gone out is never said to be unseen', () => {
  test('by what its body failed of', async () => {
    const url = await serve((request) => void request.on('error', () => undefined).resume());
    const body = (async function* () {
      yield new Uint8Array(1_000);
      await turn();
      throw new GatewayError('upstream_unreachable', 'The store is away.', { saw: 'nothing' });
    })();
    expect(await failureOf(port().request(post(url, { body })))).toMatchObject({
      code: 'upstream_unreachable',
      saw: 'unknown',
    });
  });

  test('by the reason for which it is cancelled', async () => {
    const cancel = new AbortController();
    const url = await serve(() => cancel.abort(new GatewayError('draining', 'We end.', { saw: 'nothing' })));
    expect(await failureOf(port().request(post(url, { signal: cancel.signal })))).toMatchObject({
      code: 'draining',
      saw: 'unknown',
    });
  });
});

test('a body that cannot be let go of harms nobody else', async () => {
  const strangers: unknown[] = [];
  const note = (error: unknown) => strangers.push(error);
  process.on('uncaughtException', note);
  cleanups.push(() => process.off('uncaughtException', note));
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: true as const, value: undefined }),
      return: () => Promise.reject(new Error('It is stuck.')),
    }),
  };
  const url = await serveTcp(() => undefined);
  await cleanups.pop()?.();
  expect(await failureOf(port().request(post(url, { body })))).toMatchObject({ saw: 'nothing' });
  const signal = AbortSignal.abort();
  expect(await failureOf(port().request(post(url, { body, signal })))).toMatchObject({ code: 'cancelled' });
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(strangers).toEqual([]);
});

describe('an answer that nobody reads as its connection ends', () => {
  const PIECE = 16 * 1024;

  /** The reader is behind by more than is held for it when `end` is called, and has seen all that was sent but for `tail`. */
  async function answered(end: (socket: Socket) => void, tail: number) {
    const strangers: unknown[] = [];
    const note = (error: unknown) => strangers.push(error);
    process.on('uncaughtException', note);
    cleanups.push(() => process.off('uncaughtException', note));
    let tellEnded = () => {};
    const hasEnded = new Promise<void>((resolve) => (tellEnded = resolve));
    const url = await serveTcp((socket) =>
      socket.once('data', () => {
        void (async () => {
          socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
          for (let pieces = 0; pieces < 5; pieces++) {
            socket.write(Buffer.alloc(PIECE));
            // Taken in one by one, so that the reader's pause falls on the end of what has come.
            for (let turns = 0; turns < 30; turns++) await turn();
          }
          if (tail > 0) socket.write(Buffer.alloc(tail));
          end(socket);
          for (let turns = 0; turns < 50; turns++) await turn();
          tellEnded();
        })();
      }),
    );
    const response = await port().request(post(url));
    await hasEnded;
    return { response, strangers };
  }

  test.each([0, 1, 1_000])('is whole where it had come (%i bytes behind the pause)', async (tail) => {
    const { response, strangers } = await answered((socket) => socket.end(), tail);
    expect((await response.text()).length).toBe(5 * PIECE + tail);
    expect(strangers).toEqual([]);
  });

  test('fails where it is cut', async () => {
    const { response, strangers } = await answered((socket) => socket.resetAndDestroy(), 0);
    expect(await failureOf(response.text())).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
    expect(strangers).toEqual([]);
  });
});

test.each([
  'content-length: 9',
  'content-length: 9\r\nconnection: close',
  'transfer-encoding: chunked',
  'transfer-encoding: chunked\r\nconnection: close',
])('an answer that ends too early (%j) was cut', async (framing) => {
  const said = framing.startsWith('t') ? '4\r\nhalf\r\n' : 'half';
  const url = await serveTcp((socket) => {
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${said}`));
  });
  const response = await port().request(post(url));
  expect(await failureOf(response.text())).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
});

test('two who read at once both end', async () => {
  let end = () => {};
  const url = await serve((_request, response) => {
    response.write('a');
    end = () => response.end('b');
  });
  const body = (await port().request(post(url))).body[Symbol.asyncIterator]();
  await body.next();
  const both = Promise.all([body.next(), body.next()]);
  end();
  expect((await both).map(({ done }) => done)).toEqual([false, true]);
});

test('what was thrown away is no text', async () => {
  const url = await serve((_request, response) => void response.write('half'));
  const response = await port().request(post(url));
  const text = failureOf(response.text());
  response.discard();
  expect(await text).toMatchObject({ code: 'upstream_interrupted' });
});

describe('a proxy', () => {
  test('that hangs up is called once', async () => {
    let calls = 0;
    const proxyUrl = await serveTcp((socket) => {
      calls += 1;
      socket.once('data', () => socket.end());
    });
    const failure = await failureOf(port({ proxyUrl }).request(post('http://far.example/')));
    expect(failure).toMatchObject({ code: 'upstream_unreachable', saw: 'nothing' });
    expect(calls).toBe(1);
  });

  test('that says nothing is not waited for longer than for a connection', async () => {
    const proxyUrl = await serveTcp(() => undefined);
    const failure = await failureOf(port({ proxyUrl, connectTimeoutMs: 100 }).request(post('http://far.example/')));
    expect(failure).toMatchObject({ code: 'upstream_unreachable', saw: 'nothing' });
  });

  test('does not name one upstream to another that is called with the same headers', async () => {
    const echo: RequestListener = (request, response) => response.end(request.headers.host);
    const urls = [await serve(echo), await serve(echo)];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      const far = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      cleanups.push(() => far.destroy());
    });
    const http = port({ proxyUrl: await listen(proxy) });
    const headers = { 'x-same': 'yes' };
    for (const url of urls) expect(await (await http.request(post(url, { headers }))).text()).toBe(new URL(url).host);
  });
});
