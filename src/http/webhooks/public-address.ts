import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';

/** Hosts with their ports that may be asked whatever they are: `10.0.0.7:8443`, `[::1]:9000`, `hooks.internal:443`. */
export type AllowedHosts = ReadonlySet<string>;

/** A name stands for an address where a message may not go. */
export class ForbiddenAddress extends Error {}

/**
 * Why a message may not go to a URL, as far as its text tells: plain `http`, and the number of a machine that is not on the
 * public internet; undefined where it may. What a name stands for, `publicLookup` judges.
 */
export function reasonAgainst(url: URL, allowed: AllowedHosts): string | undefined {
  if (isAllowed(url, allowed)) return undefined;
  if (url.protocol !== 'https:') return 'http is sent to none that is not allowed';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublic(host) ? 'the address is not a public one' : undefined;
}

/** A host with its port, written as URLs have it: `[0:0:0:0:0:0:0:1]:9000` is `[::1]:9000`; undefined for what is none. */
export function parseHost(text: string): string | undefined {
  const [, host = '', port = ''] = /^([\w.-]+|\[[0-9a-f:.]+\]):([1-9]\d{0,4})$/i.exec(text) ?? [];
  const url = `https://${host}:${port}`;
  return URL.canParse(url) ? `${new URL(url).hostname}:${port}` : undefined;
}

/** True where FLAGSTAFF_WEBHOOK_ALLOW lists the host and the port. */
export function isAllowed({ hostname, port, protocol }: URL, allowed: AllowedHosts): boolean {
  const usual = protocol === 'https:' ? '443' : '80';
  return allowed.has(`${hostname}:${port === '' ? usual : port}`);
}

/**
 * Looks a name up by that, and fails with `ForbiddenAddress` where one of its addresses is not public. The connection is made
 * to just those, so that a name that means something else a moment later changes nothing.
 */
export function publicLookupBy(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : [];
      if (first === undefined) callback(error ?? new Error(`${hostname} has no address`), [], 0);
      else if (!addresses.every(isPublicOne)) callback(new ForbiddenAddress(NOT_PUBLIC), [], 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Gives all addresses of a name. */
type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** By the resolver of the machine, as node looks names up. */
export const publicLookup = publicLookupBy(lookup);

const NOT_PUBLIC = 'the name stands for an address that is not a public one';

function isPublicOne({ address }: LookupAddress): boolean {
  return isPublic(address);
}

/** True for an address of the public internet, by the registries of special-purpose addresses (RFC 6890). */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !SPECIAL.check(address, 'ipv4');
  return isIP(address) === 6 && UNICAST.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

/** All else of IPv6 is loopback, link-local, private, multicast, or an IPv4 address in another dress. */
const UNICAST = new BlockList();
UNICAST.addSubnet('2000::', 3, 'ipv6');

const SPECIAL = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local, and the metadata of machines in a cloud.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // Multicast, and what is reserved, broadcast with it.
  '224.0.0.0/3',
  // Protocol assignments, tunnels among them.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
