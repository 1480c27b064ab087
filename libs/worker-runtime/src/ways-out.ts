import type { Lease } from '@sluice/contracts/credential';
import type { ExtraHeaders } from '@sluice/contracts/extra-headers';
import type { HttpPort, HttpRequest, SocketHandshake } from '@sluice/contracts/http-port';
import type { Settings } from '@sluice/domain-settings/settings';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { HttpAgents } from '@sluice/platform-http/http-agents';
import { withUploadWay } from './upload-way.js';
import { chooseWay } from './way-choice.js';
import type { WayWatch } from './way-watch.js';

/** For all upstreams. */
const ALL = '*';

/** The way out for a lease: its own proxy, else the one of the operator's list it stays with, else the process's own. */
export function createWaysOut(options: {
  upstream: string;
  settings: Pick<Settings, 'get'>;
  agents: HttpAgents;
  ownProxyUrl: string | undefined;
  watch: Pick<WayWatch, 'isAvoided' | 'went'>;
}): (lease: Lease) => HttpPort {
  const { upstream, settings, agents, ownProxyUrl, watch } = options;
  const isAvoided = (url: string) => watch.isAvoided(url);
  return (lease) => {
    const { allowPrivateNetwork } = lease;
    const way = chooseWay(lease, { upstream, proxies: settings.get('PROXIES'), ownProxyUrl, isAvoided });
    watch.went(lease.credentialId, way);
    const { proxyUrl } = way;
    const usual = createHttpPort({ allowPrivateNetwork, agents, ...(proxyUrl !== undefined && { proxyUrl }) });
    const port = withUploadWay(usual, { lease, upstream, proxies: settings.get('UPLOAD_PROXIES'), agents });
    const common = settings.get('UPSTREAM_HEADERS');
    return withHeaders(port, { headers: { ...common[ALL], ...common[upstream], ...lease.headers }, lease });
  };
}

/** Only what goes to the account's own server has them, and never in place of what the adapter says. */
function withHeaders(port: HttpPort, { headers, lease }: { headers: ExtraHeaders; lease: Lease }): HttpPort {
  if (Object.keys(headers).length === 0) return port;
  const own = originOf(lease.baseUrl ?? '');
  const { connect } = port;
  const extended = <Call extends HttpRequest | SocketHandshake>(call: Call): Call =>
    originOf(call.url.replace(/^ws/, 'http')) === own
      ? { ...call, headers: { ...headers, ...lowerCased(call.headers) } }
      : call;
  return {
    request: (request) => port.request(extended(request)),
    ...(connect && { connect: (handshake: SocketHandshake) => connect(extended(handshake)) }),
  };
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
