import { inflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { storedZlib } from '../../src/repository/stored-zlib.js';

test('zlib gives the bytes back, and finds its checksum right, whatever they are (RFC 1950)', () => {
  const highest = Buffer.alloc(65_535, 0xff);
  const mixed = Buffer.from(Array.from({ length: 8_000 }, (_, at) => (at * 31) % 256));
  for (const bytes of [Buffer.alloc(0), Buffer.from('blob 0\0'), mixed, highest]) {
    assert.ok(inflateSync(storedZlib(bytes)).equals(bytes), `${bytes.length} bytes`);
  }
});

test.run();
