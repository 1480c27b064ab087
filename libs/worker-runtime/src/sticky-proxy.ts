import { createHash } from 'node:crypto';

/**
 * The proxy that a credential stays with, in every process. Each proxy bids for each credential, so that one which is
 * taken away or added moves only those that were with it, or go to it.
 */
export function stickyProxy(proxies: readonly string[], credentialId: string): string | undefined {
  let best: { proxy: string; bid: string } | undefined;
  for (const proxy of proxies) {
    const bid = createHash('sha256').update(`${proxy}\n${credentialId}`).digest('hex');
    if (best === undefined || bid > best.bid) best = { proxy, bid };
  }
  return best?.proxy;
}
