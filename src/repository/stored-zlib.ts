/** A zlib stream of one stored block: what it begins with, its length twice, and a checksum at its end (RFC 1950, 1951). */
const STREAM_HEADER = 0x7801;
const LAST_STORED_BLOCK = 1;
const HEADER_BYTES = 7;
const CHECKSUM_BYTES = 4;

/** The greatest prime below 2^16, and how many bytes can be summed up before a sum must be cut by it. */
const ADLER_PRIME = 65_521;
const BYTES_SUMMED = 3_800;

/** The bytes as zlib reads them, not compressed. At most 65,535 bytes: so much one block takes. */
export function storedZlib(bytes: Buffer): Buffer {
  const stream = Buffer.allocUnsafe(HEADER_BYTES + bytes.length + CHECKSUM_BYTES);
  stream.writeUInt16BE(STREAM_HEADER, 0);
  stream.writeUInt8(LAST_STORED_BLOCK, 2);
  stream.writeUInt16LE(bytes.length, 3);
  stream.writeUInt16LE(bytes.length ^ 0xffff, 5);
  bytes.copy(stream, HEADER_BYTES);
  stream.writeUInt32BE(adler32(bytes), HEADER_BYTES + bytes.length);
  return stream;
}

function adler32(bytes: Buffer): number {
  let [low, high] = [1, 0];
  for (let start = 0; start < bytes.length; start += BYTES_SUMMED) {
    for (const byte of bytes.subarray(start, start + BYTES_SUMMED)) {
      low += byte;
      high += low;
    }
    low %= ADLER_PRIME;
    high %= ADLER_PRIME;
  }
  return high * 65_536 + low;
}
