import ipaddr from 'ipaddr.js';
import { CmsError } from '../boot/errors.ts';

/** Tells whether an address is within the allowed networks. */
export type Networks = (address: string) => boolean;

/**
 * Reads networks such as `10.0.0.0/8, 2001:db8::/32, 192.168.1.20`, separated by commas. An IPv4 address is the same
 * however it is written, within IPv6 too. None at all: every address is allowed.
 *
 * @throws CmsError naming what is no network
 */
export function readNetworks(setting: string): Networks {
  const networks = setting
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(readNetwork);
  if (networks.length === 0) return () => true;
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return networks.some((network) => network[0].kind() === parsed.kind() && parsed.match(network));
  };
}

/** The network that counts as one sender: an IPv4 address, or the /64 that an IPv6 connection has for itself. */
export function senderOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString();
}

function readNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    throw new CmsError(
      `ADMIN_ALLOWED_NETWORKS has "${text}", which is no address and no network. ` +
        'Write networks like 192.168.1.0/24 or 2001:db8::/32, separated by commas, or leave it out to allow all.',
      { cause },
    );
  }
}
