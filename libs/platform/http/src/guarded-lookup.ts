import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isGlobalAddress } from './address-guard.js';

/** No address of the name may be connected to. */
export class AddressRefusedError extends Error {
  readonly code = 'ERR_ADDRESS_REFUSED';

  constructor(hostname: string) {
    super(`${hostname} has no public address.`);
    this.name = 'AddressRefusedError';
  }
}

/** Resolves a name as the socket connects, so that what was checked is what is connected to. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const [first, ...rest] = addresses.filter(({ address }) => isGlobalAddress(address));
    if (!first) return callback(new AddressRefusedError(hostname), '');
    if (options.all) return callback(null, [first, ...rest] satisfies LookupAddress[]);
    callback(null, first.address, first.family);
  });
};
