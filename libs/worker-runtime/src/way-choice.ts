import type { Lease } from '@sluice/contracts/credential';
import type { Proxies } from '@sluice/domain-settings/ways-out';
import { stickyProxy } from './sticky-proxy.js';

/** For all upstreams. */
const ALL = '*';

export interface WayOut {
  /** Undefined: straight out. */
  proxyUrl: string | undefined;
  /** One of the operator's list: another would do. */
  isListed: boolean;
}

/** The way of an account: its own proxy, else the one of the operator's list it stays with, else the process's own. */
export function chooseWay(
  { credentialId, allowPrivateNetwork, proxyUrl }: Pick<Lease, 'credentialId' | 'allowPrivateNetwork' | 'proxyUrl'>,
  options: {
    upstream: string;
    proxies: Proxies;
    ownProxyUrl: string | undefined;
    /** Those that were refused are left alone for a while, as long as there are others. */
    isAvoided(proxyUrl: string): boolean;
  },
): WayOut {
  const { upstream, proxies, ownProxyUrl, isAvoided } = options;
  if (proxyUrl !== undefined) return { proxyUrl, isListed: false };
  // A server in the operator's own network is not looked for on the other side of a proxy of the Internet.
  const listed = allowPrivateNetwork ? [] : (proxies[upstream] ?? proxies[ALL] ?? []);
  const open = listed.filter((one) => !isAvoided(one));
  const sticky = stickyProxy(open.length > 0 ? open : listed, credentialId);
  return sticky === undefined ? { proxyUrl: ownProxyUrl, isListed: false } : { proxyUrl: sticky, isListed: true };
}
