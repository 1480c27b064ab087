import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest } from '@sluice/contracts/http-port';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpAgents } from './http-agents.js';
import { createHttpPort } from './create-http-port.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server | TcpServer): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const serve = (listener: (...call: Parameters<RequestListener>) => unknown) =>
  listen(createServer((request, response) => void listener(request, response)));
const serveTcp = (listener: (socket: Socket) => void) =>
  listen(createTcpServer((socket) => listener(socket.on('error', () => undefined))));

function port(options: { allowPrivateNetwork?: boolean; proxyUrl?: string; connectTimeoutMs?: number } = {}): HttpPort {
  const { allowPrivateNetwork = true, connectTimeoutMs = 2_000, ...rest } = options;
  const agents = createHttpAgents({ connectTimeoutMs });
  cleanups.push(() => agents.close());
  return createHttpPort({ allowPrivateNetwork, agents, ...rest });
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  signal: AbortSignal.timeout(10_000),
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

describe('an answer', () => {
  test('carries status, headers in lower case, the last of repeated ones, all cookies, and the text', async () => {
    const url = await serve((_request, response) => {
      const cookies = { 'Set-Cookie': ['a=1; Path=/', 'b=2'] };
      response.writeHead(404, { 'X-Thing': ['one', 'two'], 'Content-Type': 'text/plain', ...cookies });
      response.end('nö');
    });
    const response = await port().request(get(url));

    expect(response.status).toBe(404);
    expect(response.headers).toMatchObject({ 'x-thing': 'two', 'content-type': 'text/plain' });
    expect(response.headers['set-cookie']).toBe('a=1; Path=/, b=2');
    expect(await response.text()).toBe('nö');
  });

  test.each<[string, HttpRequest['body']]>([
    ['text', '{"a":1}'],
    ['bytes', new TextEncoder().encode('{"a":1}')],
    [
      'a stream',
      (async function* () {
        yield new TextEncoder().encode('{"a"');
        yield new TextEncoder().encode(':1}');
      })(),
    ],
  ])('the request body can be %s, and no encoding is asked for', async (_kind, body) => {
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.end(
        JSON.stringify({
          body: Buffer.concat(chunks).toString(),
          encoding: request.headers['accept-encoding'] ?? null,
        }),
      );
    });
    const response = await port().request(get(url, { method: 'POST', ...(body === undefined ? {} : { body }) }));

    expect(JSON.parse(await response.text())).toEqual({ body: '{"a":1}', encoding: null });
  });

  test('a stream that is sent waits for the other side, however long it is', async () => {
    const piece = new Uint8Array(512 * 1024);
    const pieces = 128;
    let taken = 0;
    const body = (async function* () {
      for (; taken < pieces; taken += 1) yield piece;
    })();
    let goOn: () => void = () => undefined;
    const isWanted = new Promise<void>((resolve) => (goOn = resolve));
    let bytes = 0;
    const url = await serve(async (request, response) => {
      await isWanted;
      for await (const chunk of request) bytes += (chunk as Buffer).length;
      response.end();
    });
    const headers = { 'content-length': String(pieces * piece.length) };
    const sent = port().request(get(url, { method: 'POST', headers, body }));
    // Once nothing moves for many turns, the buffers on the way are full.
    for (let before = 0, still = 0; taken === 0 || still < 200; still = before === taken ? still + 1 : 0) {
      before = taken;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken).toBeLessThan(pieces / 4);
    goOn();
    await (await sent).text();
    expect(bytes).toBe(pieces * piece.length);
  });

  test('pieces of the body come as they are sent', async () => {
    let sendNext: () => void = () => undefined;
    const url = await serve((_request, response) => {
      response.write('one');
      sendNext = () => response.end('two');
    });
    const body = (await port().request(get(url))).body[Symbol.asyncIterator]();

    expect(Buffer.from((await body.next()).value).toString()).toBe('one');
    sendNext();
    expect(Buffer.from((await body.next()).value).toString()).toBe('two');
    expect((await body.next()).done).toBe(true);
  });

  test('a redirect is an answer like any other', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/other' }).end());
    expect((await port().request(get(url))).status).toBe(302);
  });

  test('text longer than allowed is a bad answer', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(100)));
    const response = await port().request(get(url));
    expect(await failureOf(response.text(99))).toMatchObject({ code: 'upstream_bad_answer' });
  });

  test('connections are kept', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => connections++);
    const url = await listen(server);
    const http = port();
    for (let count = 0; count < 6; count++) await (await http.request(get(url))).text();
    // A connection rests for one turn of the event loop after its answer; the next request may open a second.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('a discarded small answer does not cost the connection', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    let ended = 0;
    server.on('connection', (socket: Socket) => socket.on('close', () => ended++));
    const url = await listen(server);
    const http = port();
    (await http.request(get(url))).discard();
    await (await http.request(get(url))).text();
    await (await http.request(get(url))).text();
    expect(ended).toBe(0);
  });

  test('what nobody reads is not taken in, and comes whole when it is read', async () => {
    const piece = Buffer.alloc(256 * 1024, 'x');
    let sent = 0;
    const url = await serve((_request, response) => {
      const send = (): void => {
        if (sent === 64) return void response.end();
        sent += 1;
        if (response.write(piece)) setImmediate(send);
        else response.once('drain', send);
      };
      send();
    });
    const response = await port().request(get(url));
    const before = process.memoryUsage().arrayBuffers;
    await expect.poll(() => sent, { interval: 50 }).toBeGreaterThan(1);
    let last = -1;
    await expect.poll(() => last === (last = sent), { interval: 100 }).toBe(true);
    expect(sent).toBeLessThan(64);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);

    let bytes = 0;
    for await (const chunk of response.body) bytes += chunk.byteLength;
    expect(bytes).toBe(64 * piece.byteLength);
  });

  test('what came before a cut is there, and then the failure', async () => {
    let cut = (): unknown => undefined;
    const url = await serve((_request, response) => {
      response.write('half');
      cut = () => response.destroy();
    });
    const body = (await port().request(get(url))).body[Symbol.asyncIterator]();
    expect(Buffer.from((await body.next()).value).toString()).toBe('half');
    cut();
    expect(await failureOf(body.next())).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
  });

  test('a discarded stream is cut off', async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const url = await serve((_request, response) => {
      response.on('close', closed);
      response.write('on and on');
    });
    (await port().request(get(url))).discard();
    await gone;
  });
});

describe('what the upstream can have seen', () => {
  test('nothing, of a refused connection', async () => {
    const url = await serve(() => undefined);
    await cleanups.pop()?.();
    expect(await failureOf(port().request(get(url)))).toMatchObject({
      code: 'upstream_unreachable',
      saw: 'nothing',
      upstreamCode: 'ECONNREFUSED',
    });
  });

  test('nothing, of a name that does not resolve', async () => {
    expect(await failureOf(port().request(get('http://no-such-host.invalid/')))).toMatchObject({
      code: 'upstream_unreachable',
      saw: 'nothing',
    });
  });

  test('nothing, where TLS fails', async () => {
    const url = await serveTcp((socket) => socket.end('this is not TLS'));
    const failure = await failureOf(
      port().request(get(url.replace('http:', 'https:'), { method: 'POST', body: '{}' })),
    );
    expect(failure).toMatchObject({ code: 'upstream_unreachable', saw: 'nothing' });
  });

  test('nothing, where the connection is not made in time', async () => {
    const url = (await serveTcp(() => undefined)).replace('http:', 'https:');
    const failure = await failureOf(port({ connectTimeoutMs: 50 }).request(get(url)));
    expect(failure).toMatchObject({
      code: 'upstream_unreachable',
      saw: 'nothing',
      upstreamCode: 'UND_ERR_CONNECT_TIMEOUT',
    });
  });

  test('unknown, where the headers do not come', async () => {
    const url = await serve(() => undefined);
    const failure = await failureOf(port().request(get(url, { method: 'POST', body: '{}', headersTimeoutMs: 50 })));
    expect(failure).toMatchObject({ code: 'upstream_timeout', saw: 'unknown' });
  });

  test('unknown, where the connection is cut after the request', async () => {
    const url = await serve((request) => request.socket.destroy());
    const failure = await failureOf(port().request(get(url, { method: 'POST', body: '{}' })));
    expect(failure).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
  });

  test('unknown, where a kept connection is cut on the second request', async () => {
    let requests = 0;
    const url = await serve((request, response) => (++requests === 1 ? response.end('ok') : request.socket.destroy()));
    const http = port();
    await (await http.request(get(url))).text();
    const failure = await failureOf(http.request(get(url, { method: 'POST', body: '{}' })));
    expect(failure).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
  });

  test('unknown, where the body is cut or falls silent', async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const silent = await serve((_request, response) => void response.write('half'));
    const http = port();
    const cutOff = await http.request(get(cut));
    expect(await failureOf(cutOff.text())).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
    const stalled = await http.request(get(silent, { idleTimeoutMs: 50 }));
    expect(await failureOf(stalled.text())).toMatchObject({ code: 'upstream_timeout', saw: 'unknown' });
  });

  test('unknown, of an answer that is not HTTP, which is a bad answer', async () => {
    const url = await serveTcp((socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')));
    const failure = await failureOf(port().request(get(url, { method: 'POST', body: '{}' })));
    expect(failure).toMatchObject({ code: 'upstream_bad_answer', saw: 'unknown' });
  });
});

describe('cancelling', () => {
  test('before, during and after the headers is `cancelled`', async () => {
    const waiting = new AbortController();
    const url = await serve((request, response) => {
      if (request.url === '/body') response.write('half');
      else waiting.abort();
    });
    const http = port();
    expect(await failureOf(http.request(get(url, { signal: AbortSignal.abort() })))).toMatchObject({
      code: 'cancelled',
      saw: 'nothing',
    });

    const answer = await failureOf(http.request(get(url, { signal: waiting.signal })));
    expect(answer).toMatchObject({ code: 'cancelled', saw: 'unknown' });

    const reading = new AbortController();
    const response = await http.request(get(`${url}body`, { signal: reading.signal }));
    const text = failureOf(response.text());
    reading.abort();
    expect(await text).toMatchObject({ code: 'cancelled', saw: 'unknown' });
  });

  test('does not wait for a connection that is not there yet', async () => {
    const url = (await serveTcp(() => undefined)).replace('http:', 'https:');
    const cancel = new AbortController();
    const answer = failureOf(port({ connectTimeoutMs: 60_000 }).request(get(url, { signal: cancel.signal })));
    setImmediate(() => cancel.abort());
    expect(await answer).toMatchObject({ code: 'cancelled', saw: 'nothing' });
  });

  test('with a reason of ours keeps that reason', async () => {
    const url = await serve(() => undefined);
    const signal = AbortSignal.abort(new GatewayError('deadline_exceeded', 'Too late.'));
    expect(await failureOf(port().request(get(url, { signal })))).toMatchObject({
      code: 'deadline_exceeded',
      message: 'Too late.',
    });
  });
});

describe('the address guard', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'refuses %s',
    async (host) => {
      const url = await serve((_request, response) => response.end('secret'));
      const target = url.replace('127.0.0.1', host);
      expect(await failureOf(port({ allowPrivateNetwork: false }).request(get(target)))).toMatchObject({
        code: 'upstream_unreachable',
        saw: 'nothing',
        upstreamCode: 'ERR_ADDRESS_REFUSED',
      });
    },
  );

  test.each(['ftp://example.com/', 'file:///etc/passwd', 'nonsense'])('refuses %s, which is not http', async (url) => {
    expect(await failureOf(port().request(get(url)))).toMatchObject({ code: 'upstream_unreachable', saw: 'nothing' });
  });
});

describe('a proxy', () => {
  test('is asked for a tunnel, and what it refuses the upstream did not see', async () => {
    const url = await serve((_request, response) => response.end('through'));
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      if (asked.length > 1) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const far = connect(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      cleanups.push(() => far.destroy());
      return undefined;
    });
    const proxyUrl = await listen(proxy);

    expect(await (await port({ proxyUrl }).request(get(url))).text()).toBe('through');
    expect(asked).toEqual([new URL(url).host]);
    const failure = await failureOf(port({ proxyUrl }).request(get(url, { method: 'POST', body: '{}' })));
    expect(failure).toMatchObject({ code: 'upstream_unreachable', saw: 'nothing' });
  });
});
