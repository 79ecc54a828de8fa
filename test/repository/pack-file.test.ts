import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { ObjectStore } from '../../src/repository/object-store.js';
import { PackFolder } from '../../src/repository/pack-folder.js';
import { createRepository, type TestRepository } from '../support/git.js';

const test = suite('repository/pack-file');

/** Objects of every type, small and large, with deltas of both kinds and of several depths. */
async function packedRepository(...settings: readonly string[]): Promise<TestRepository> {
  const made = await createRepository();
  const lines = Array.from({ length: 4_000 }, (_, index) => `line ${index} ${(index * 7919) % 104729}`);
  for (let round = 0; round < 12; round += 1) {
    lines[round * 300] = `changed in round ${round}`;
    await made.commit({
      'large.txt': lines.join('\n'),
      [`small-${round}.txt`]: `round ${round}`,
      'empty.txt': '',
    });
  }
  await made.git('tag', '--annotate', '--message', 'a tag', 'v1');
  await made.git(...settings, 'repack', '--quiet', '-a', '-d', '-f', '--depth=50');
  await made.git('prune-packed', '--quiet');
  return made;
}

async function objectsOf(made: TestRepository): Promise<readonly (readonly [string, string, number])[]> {
  const list = await made.git('cat-file', '--batch-all-objects', '--batch-check');
  return list.split('\n').map((line) => {
    const [oid = '', type = '', size = ''] = line.split(' ');
    return [oid, type, Number(size)] as const;
  });
}

for (const [name, settings] of [
  ['deltas by offset', ['-c', 'repack.useDeltaBaseOffset=true']],
  ['deltas by id', ['-c', 'repack.useDeltaBaseOffset=false']],
] as const) {
  test(`every object of a pack with ${name} is what its id says`, async () => {
    const made = await packedRepository(...settings);
    const packs = new PackFolder(join(made.dir, '.git/objects'));
    for (const [oid, type, size] of await objectsOf(made)) {
      const object = packs.read(oid);
      if (object === 'large') throw new Error('no object is large where no bound is given');
      assert.equal([object?.type, object?.bytes.length], [type, size]);
    }
    assert.is(packs.read('0'.repeat(40)), undefined);
    packs.forget();
  });
}

test('a pack whose index is of version 1 is refused with what to do', async () => {
  const made = await packedRepository('-c', 'pack.indexVersion=1');
  const [first] = await objectsOf(made);
  const store = new ObjectStore(join(made.dir, '.git'));
  const message = await store.read(first?.[0] ?? '').then(String, (error: Error) => error.message);
  assert.match(message, 'git repack -a -d');
});

test('a damaged pack is damage, not another content', async () => {
  const made = await packedRepository();
  const folder = join(made.dir, '.git/objects/pack');
  const name = readdirSync(folder).find((file) => file.endsWith('.pack')) ?? '';
  const bytes = readFileSync(join(folder, name));
  const objects = await objectsOf(made);
  chmodSync(join(folder, name), 0o644);
  writeFileSync(
    join(folder, name),
    Buffer.from(bytes.map((byte, at) => (at > 200 && at % 50 === 0 ? byte ^ 0xff : byte))),
  );
  const store = new ObjectStore(join(made.dir, '.git'));
  let damages = 0;
  for (const [oid] of objects) {
    await store.read(oid).catch((error) => {
      assert.instance(error, Failure);
      damages += 1;
    });
  }
  assert.ok(damages > 0);
});

test.run();
