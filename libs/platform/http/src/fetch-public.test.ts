import { GatewayError } from '@sluice/contracts/gateway-error';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpPort } from './create-http-port.js';
import { createFetchPublic, type FetchPublic } from './fetch-public.js';
import { createHttpAgents } from './http-agents.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Private addresses are let through only where the test needs a server of its own. */
function fetcher(allowPrivateNetwork: boolean): FetchPublic {
  const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
  cleanups.push(() => agents.close());
  return createFetchPublic(createHttpPort({ allowPrivateNetwork, agents }));
}

const call = (url: string) => ({ url, accept: 'image/*', signal: AbortSignal.timeout(5_000) });

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fetched',
    (error: unknown) => (error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error)),
  );

describe('a URL of the public Internet', () => {
  it('is fetched, with no name, password or fragment of the URL in the request', async () => {
    const seen: IncomingMessage[] = [];
    const origin = await serve((request, response) => {
      seen.push(request);
      response.end('bytes');
    });
    const response = await fetcher(true)(call(`${origin.replace('//', '//user:secret@')}/a?b=c#d`));
    expect(await response.text()).toBe('bytes');
    expect(seen[0]?.url).toBe('/a?b=c');
    expect(seen[0]?.headers).toMatchObject({ accept: 'image/*' });
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it('may redirect three times, relatively too', async () => {
    const origin = await serve((request, response) => {
      const turn = Number(request.url?.slice(1));
      if (turn > 0) response.writeHead(302, { location: `/${turn - 1}` }).end();
      else response.end('there');
    });
    expect(await (await fetcher(true)(call(`${origin}/3`))).text()).toBe('there');
    expect(await refusalOf(fetcher(true)(call(`${origin}/4`)))).toContain('redirects more than 3 times');
  });

  it.each([
    [404, {}, 'it answers with status 404'],
    [204, {}, 'it answers with status 204'],
    [200, { 'content-encoding': 'gzip' }, 'compressed'],
    [302, {}, 'redirects to no URL'],
    [302, { location: 'file:///etc/passwd' }, 'only http and https'],
  ])('that answers %s with %j is refused', async (status, headers, why) => {
    const origin = await serve((_request, response) => response.writeHead(status, headers).end());
    const message = await refusalOf(fetcher(true)(call(origin)));
    expect(message).toMatch(/^invalid_request: /);
    expect(message).toContain(why);
  });
});

describe('an address that is not public', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'http://localhost:1/',
  ])('%s is refused', async (url) => {
    expect(await refusalOf(fetcher(false)(call(url)))).toContain('not an address of the public Internet');
  });

  it('is refused where a redirect leads to it, as each hop is asked for by itself', async () => {
    const origin = await serve((_request, response) => response.end('secret'));
    const hops: string[] = [];
    const guarded = createHttpPort({ allowPrivateNetwork: false, agents: createHttpAgents({ connectTimeoutMs: 500 }) });
    const fetchPublic = createFetchPublic({
      async request(request) {
        hops.push(request.url);
        if (hops.length > 1) return guarded.request(request);
        return {
          status: 302,
          headers: { location: origin },
          body: (async function* () {})(),
          text: async () => '',
          discard: () => undefined,
        };
      },
    });
    expect(await refusalOf(fetchPublic(call('http://example.com/a')))).toContain('public Internet');
    expect(hops).toEqual(['http://example.com/a', `${origin}/`]);
  });

  it.each(['ftp://example.com/', 'file:///etc/passwd', 'javascript:1', '', 'nothing', '//example.com'])(
    '%j is no URL that is fetched',
    async (url) => {
      expect(await refusalOf(fetcher(false)(call(url)))).toMatch(/^invalid_request: The URL cannot be fetched/);
    },
  );
});
