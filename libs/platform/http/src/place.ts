import { GatewayError } from '@sluice/contracts/gateway-error';
import { literalAddress } from './address-guard.js';

/** Where a call goes. */
export interface Place {
  origin: string;
  host: string;
  /** With the query. */
  path: string;
  /** Where the URL names an address and no name: it is connected to without a lookup. */
  address: string | undefined;
}

/** More would be kept for nothing: what is called again and again are few. */
const MOST_KEPT = 256;
const LONGEST_KEPT = 1_024;

/** The places of URLs, each read once as long as it is among the newest. */
export class PlaceReader {
  private readonly known = new Map<string, Place>();

  read(url: string): Place {
    const known = this.known.get(url);
    if (known) return known;
    const place = readPlace(url);
    if (url.length > LONGEST_KEPT) return place;
    if (this.known.size >= MOST_KEPT) this.known.clear();
    this.known.set(url, place);
    return place;
  }
}

function readPlace(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') {
    const { origin, host, pathname, search, hostname } = url;
    return { origin, host, path: pathname + search, address: literalAddress(hostname) };
  }
  throw new GatewayError('upstream_unreachable', 'An upstream address is not an http(s) URL.', {
    saw: 'nothing',
    upstreamCode: 'ERR_INVALID_URL',
  });
}
