import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { Proxies } from '@sluice/domain-settings/ways-out';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { HttpAgents } from '@sluice/platform-http/http-agents';
import { stickyProxy } from './sticky-proxy.js';

/** For all upstreams. */
const ALL = '*';

/** Calls that carry a file go out where the operator has it so; the others as they would. */
export function withUploadWay(
  port: HttpPort,
  options: { lease: Lease; upstream: string; proxies: Proxies; agents: HttpAgents },
): HttpPort {
  const { lease, upstream, proxies, agents } = options;
  const { credentialId, allowPrivateNetwork } = lease;
  // A server in the operator's own network is not looked for on the other side of a proxy of the Internet.
  const listed = allowPrivateNetwork ? [] : (proxies[upstream] ?? proxies[ALL] ?? []);
  const proxyUrl = stickyProxy(listed, credentialId);
  if (proxyUrl === undefined) return port;
  const uploads = createHttpPort({ allowPrivateNetwork, agents, proxyUrl });
  return { ...port, request: (request) => (request.carriesFile ? uploads : port).request(request) };
}
