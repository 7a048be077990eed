import { lookup as lookUp, type LookupAddress, type LookupOptions } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** Tells whether an IP address may be asked. */
export type AddressRule = (address: string) => boolean;

/** Takes the place of Node's own look-up of host names. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** A host that is not asked, for it may stand within the clinic's own network. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Whether an address belongs to the public internet: no loopback, private, link-local, multicast or reserved one, and
 * none of these within an IPv6 address.
 */
export const isPublicAddress: AddressRule = (address) => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
};

/**
 * A look-up that gives only addresses that `mayAsk` allows. It stands at the connection itself, so that a name that
 * means another address a moment later gains nothing.
 */
export function guardedLookup(mayAsk: AddressRule): Lookup {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => mayAsk(address))) {
        callback(new PrivateAddressError('The host is not on the public internet.'), []);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
