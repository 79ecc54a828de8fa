import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../../src/repository/git.js';
import { newObjects } from '../../../src/repository/remote/new-objects.js';
import { packBytes } from '../../../src/repository/remote/pack-bytes.js';
import { takePackIn } from '../../../src/repository/remote/pack-intake.js';
import { BrokenPackets } from '../../../src/repository/remote/pkt-line.js';
import { createRepository } from '../../support/git.js';

const test = suite('repository/remote/pack-intake');

test('a pack of ours is taken in whole, in whatever pieces it comes, and git reads it', async () => {
  for (const size of [1, 7, 1 << 20]) {
    const { bytes, tip, objects } = await packOfTwoCommits();
    const { dir, git } = await createRepository();
    const fresh = await takePackIn(await openRepository(dir), inPieces(bytes, size));
    assert.equal([...fresh].sort(), [...objects].sort());
    assert.is(await git('rev-list', '--count', '--objects', tip), String(objects.size));
    await git('fsck', '--full', '--strict');
  }
});

const DAMAGE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'ends early': (bytes) => bytes.subarray(0, -30),
  'lacks its sum': (bytes) => bytes.subarray(0, -20),
  'is empty': () => Buffer.alloc(0),
  'has another byte': (bytes) => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    return changed;
  },
};

for (const [what, damage] of Object.entries(DAMAGE)) {
  test(`a pack that ${what} is refused, and nothing of it stays`, async () => {
    const { bytes } = await packOfTwoCommits();
    const { dir } = await createRepository();
    const taken = takePackIn(await openRepository(dir), inPieces(damage(bytes), 64));
    assert.instance(await taken.catch((error: unknown) => error), BrokenPackets);
    assert.equal(readdirSync(join(dir, '.git', 'objects', 'pack')), []);
    assert.equal(readdirSync(join(dir, '.git', 'flagstaff', 'tmp')), []);
  });
}

/** Small files, and one whose length takes several bytes to say. */
async function packOfTwoCommits() {
  const { dir, commit } = await createRepository({ 'a.txt': 'a', 'folder/b.txt': 'b'.repeat(70_000) });
  const tip = await commit({ 'a.txt': 'c' });
  const repository = await openRepository(dir);
  const objects = await newObjects(repository, { tip, known: undefined });
  return { bytes: await packBytes(repository, objects), tip, objects };
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.run();
