import { BlockList, isIP } from 'node:net';

/** Special-purpose ranges of IPv4 (the registry of RFC 6890 and its successors). */
const NOT_GLOBAL_4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Inside the global unicast range 2000::/3, what is not global after all. Everything outside that range is refused. */
const NOT_GLOBAL_6: readonly [string, number][] = [
  // Protocol assignments: Teredo, benchmarking, ORCHID and the like.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 carries an IPv4 address that a relay would deliver to.
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const refused4 = new BlockList();
for (const [address, bits] of NOT_GLOBAL_4) refused4.addSubnet(address, bits, 'ipv4');
const refused6 = new BlockList();
for (const [address, bits] of NOT_GLOBAL_6) refused6.addSubnet(address, bits, 'ipv6');
const unicast6 = new BlockList();
unicast6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address is one of the public Internet. Mapped, translated and scoped forms of IPv6 never are. */
export function isGlobalAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused4.check(address, 'ipv4');
    case 6:
      if (address.includes('%')) return false;
      return unicast6.check(address, 'ipv6') && !refused6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The address in a URL's `hostname`, or undefined for a name. `URL` has already made one form of the many of IPv4. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) ? bare : undefined;
}
