/** A packet of git's protocol that has no bytes: the end of a list. */
export const FLUSH = Buffer.from('0000');

const LENGTH_DIGITS = 4;

/** Bytes with their length before them (gitprotocol-common, pkt-line). */
export function packet(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = (bytes.length + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, '0');
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** The answer ended in the middle of a packet, or is none of this protocol. */
export class BrokenPackets extends Error {}

/** The packets of a stream, in order; those without bytes are `flush`. Throws `BrokenPackets`. */
export async function* packetsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | 'flush'> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (let length = lengthOf(rest); length !== undefined; length = lengthOf(rest)) {
      if (length > rest.length) break;
      yield length === 0 ? 'flush' : rest.subarray(LENGTH_DIGITS, length);
      rest = rest.subarray(Math.max(length, LENGTH_DIGITS));
    }
  }
  if (rest.length > 0) throw new BrokenPackets('its answer ends in the middle');
}

/** The packets in bytes that are all there. Throws `BrokenPackets`. */
export async function packetsIn(bytes: Buffer): Promise<readonly (Buffer | 'flush')[]> {
  const packets: (Buffer | 'flush')[] = [];
  for await (const one of packetsOf(once(bytes))) packets.push(one);
  return packets;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** How long the packet is with its digits, 0 for one without bytes; undefined where too little has come. */
function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < LENGTH_DIGITS) return undefined;
  const digits = bytes.toString('latin1', 0, LENGTH_DIGITS);
  if (!/^[0-9a-f]{4}$/i.test(digits)) throw new BrokenPackets("its answer is none of git's protocol");
  const length = Number.parseInt(digits, 16);
  return length < LENGTH_DIGITS ? 0 : length;
}
