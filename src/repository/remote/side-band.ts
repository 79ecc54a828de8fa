import { BrokenPackets } from './pkt-line.js';

/** What one connection carries side by side (gitprotocol-pack, side-band-64k). */
const DATA = 1;
const PROGRESS = 2;
const FATAL = 3;

/** One packet of an answer: a line of the protocol itself, or a part of what it leads to. */
export type Part =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  /** What people are told, such as the words of a hook. */
  | { readonly kind: 'words'; readonly text: string };

/** Parts them; ends of lists are left out. Throws `BrokenPackets` with the words of a remote that gives up. */
export async function* partsOf(packets: AsyncIterable<Buffer | 'flush'>): AsyncGenerator<Part> {
  for await (const packet of packets) {
    if (packet === 'flush' || packet.length === 0) continue;
    const rest = packet.subarray(1);
    switch (packet[0]) {
      case DATA:
        yield { kind: 'data', bytes: rest };
        break;
      case PROGRESS:
        yield { kind: 'words', text: rest.toString('utf8') };
        break;
      case FATAL:
        throw new BrokenPackets(rest.toString('utf8'));
      default:
        yield lineOf(packet.toString('utf8'));
    }
  }
}

function lineOf(text: string): Part {
  if (text.startsWith('ERR ')) throw new BrokenPackets(text.slice(4));
  return { kind: 'line', text: text.trimEnd() };
}
