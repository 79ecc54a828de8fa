import { BlockList, isIP } from 'node:net';

const BITS = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Returns a test that passes for an IP address in one of the networks (`10.0.0.0/8`). An IPv4 address passes in either
 * notation, `10.1.2.3` and `::ffff:10.1.2.3`.
 */
export function networkTest(networks: readonly string[]): (address: string) => boolean {
  let list: BlockList | undefined;
  return (address) => {
    const family = familyOf(address);
    if (family === undefined) return false;
    list ??= blockListOf(networks);
    return list.check(address, family);
  };
}

/** An IP network. */
export interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network !== undefined) list.addSubnet(network.address, network.bits, network.family);
  }
  return list;
}

/** The network that the text means (`10.0.0.0/8`); undefined where it means none. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === undefined || !BITS.test(bits) || rest.length > 0) return undefined;
  return Number(bits) <= (family === 'ipv4' ? 32 : 128) ? { address, bits: Number(bits), family } : undefined;
}

/** A zone (`fe80::1%eth0`) names an interface of one machine; it belongs to no network. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined;
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
