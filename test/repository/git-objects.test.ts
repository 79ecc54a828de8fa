import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import { runningGit } from '../../src/repository/git-programs.js';
import { ObjectStore } from '../../src/repository/object-store.js';
import { PackFolder } from '../../src/repository/pack-folder.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite('repository/git-objects');
const LARGE = 3_000_000;

interface Sample {
  readonly made: TestRepository;
  readonly store: ObjectStore;
  readonly gitDir: string;
  readonly text: Buffer;
  readonly oid: string;
}

/** One object of random bytes, which no packing makes smaller, and a small one; loose, or in a pack. */
async function sample(isPacked: boolean): Promise<Sample> {
  const text = randomBytes(LARGE);
  const made = await createRepository({ 'large.bin': text, 'small.txt': 'small\n' });
  if (isPacked) await made.git('repack', '--quiet', '-a', '-d');
  const oid = await made.git('rev-parse', 'HEAD:large.bin');
  const gitDir = join(made.dir, '.git');
  return { made, store: new ObjectStore(gitDir), gitDir, text, oid };
}

/** The git processes that this one has started there. */
function readers(gitDir: string): readonly number[] {
  return (runningGit([gitDir]) ?? [])
    .filter(({ command }) => command === 'git cat-file')
    .map(({ pid }) => pid);
}

for (const [name, isPacked] of [
  ['packed', true],
  ['loose', false],
] as const) {
  test(`a large ${name} object is read by one process of git, and small ones without it`, async () => {
    const { made, store, gitDir, text, oid } = await sample(isPacked);
    await store.read(await made.git('rev-parse', 'HEAD:small.txt'));
    assert.equal(readers(gitDir), []);
    assert.ok((await store.readAs(oid, 'blob')).equals(text));
    const [first, ...others] = readers(gitDir);
    assert.ok(first !== undefined && others.length === 0);
    const twice = await Promise.all([store.readAs(oid, 'blob'), store.readAs(oid, 'blob')]);
    assert.ok(twice.every((bytes) => bytes.equals(text)));
    assert.equal(readers(gitDir), [first]);
  });
}

test('a process of git that was killed is started again', async () => {
  const { store, gitDir, text, oid } = await sample(true);
  await store.read(oid);
  const [pid = 0] = readers(gitDir);
  process.kill(pid, 'SIGKILL');
  await until(() => !readers(gitDir).includes(pid));
  assert.ok((await store.readAs(oid, 'blob')).equals(text));
  assert.is(readers(gitDir).length, 1);
});

test('a large file among the flags is named, and no git is left when the cache is closed', async () => {
  const large = `# ${randomBytes(LARGE).toString('hex')}\nenvironments: {}\n`;
  const path = 'flags/acme/web-app/flags/large.yaml';
  const project = {
    'flags/acme/org.yaml': 'name: Acme\n',
    'flags/acme/web-app/project.yaml': 'environments: [live]\n',
  };
  const made = await createRepository({ ...project, [path]: large });
  made.write({ [path]: null });
  const gitDir = join(made.dir, '.git');
  const cache = await openCache({ repository: await openRepository(made.dir) });
  try {
    await cache.ready;
    const problems = cache.orgs.get('acme')?.problems ?? [];
    assert.equal(
      problems.map((problem) => `${problem.path} ${problem.code}`),
      [`${path} FILE_TOO_LARGE`],
    );
    assert.ok(readers(gitDir).length > 0);
  } finally {
    await cache.close();
  }
  await until(() => readers(gitDir).length === 0);
});

test('what was packed anew meanwhile is found', async () => {
  const { made, store, text, oid } = await sample(false);
  await store.read(oid);
  await made.git('repack', '--quiet', '-a', '-d');
  await made.git('prune-packed');
  assert.ok((await store.readAs(oid, 'blob')).equals(text));
});

test('without the git program large objects are read all the same', async () => {
  const { store, gitDir, text, oid } = await sample(true);
  const { PATH } = process.env;
  process.env.PATH = '';
  try {
    assert.ok((await store.readAs(oid, 'blob')).equals(text));
  } finally {
    process.env.PATH = PATH;
  }
  assert.equal(readers(gitDir), []);
});

test('a large object that is damaged is damage, whoever reads it', async () => {
  const { store, gitDir, oid } = await sample(true);
  const folder = join(gitDir, 'objects/pack');
  const pack = join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
  const bytes = readFileSync(pack);
  bytes.fill(0, LARGE / 2, LARGE / 2 + 100);
  chmodSync(pack, 0o644);
  writeFileSync(pack, bytes);
  const error = await store.read(oid).catch((thrown: unknown) => thrown);
  assert.instance(error, Failure);
});

test('what a small delta makes large, or builds on, is told as large', async () => {
  const base = randomBytes(200_000).toString('base64');
  const made = await createRepository({ 'a.txt': base });
  await made.commit({ 'a.txt': `${base}${base}` });
  await made.git('repack', '--quiet', '-a', '-d', '-f');
  const packs = new PackFolder(join(made.dir, '.git/objects'));
  for (const revision of ['HEAD:a.txt', 'HEAD~1:a.txt']) {
    const oid = await made.git('rev-parse', revision);
    assert.is(packs.read(oid, 100_000), 'large');
    assert.type(packs.read(oid), 'object');
  }
  packs.forget();
});

test.run();
