import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import {
  createRepository,
  type Files,
  repositoryAt,
  type TestRepository,
  temporaryFolder,
} from '../support/git.js';
import { cacheOf, closeCaches, flagOf, until, versionOf } from '../support/served.js';

const test = suite('repository/cache');
test.after.each(closeCaches);

test('what is served is one commit, with its revision and each folder as the version (DESIGN 5)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.ok(cache.isReady);
  assert.equal([...cache.orgs.keys()], ['acme', 'beta']);
  assert.is(cache.revision, await made.head());
  assert.is(cache.orgs.get('acme')?.revision, await made.head());
  assert.is(cache.orgs.get('acme')?.version, await made.git('rev-parse', 'HEAD:flags/acme'));
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.ok(
    cache.orgs.get('acme')?.projects.get('web-app')?.environments.get('production')?.flags.has('one'),
  );
});

test('unsaved and half-checked-out files are never served (DESIGN 5)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  made.write({ [flagPath('acme', 'one')]: flagText(2), [flagPath('acme', 'two')]: flagText(2) });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.is(flagOf(cache, 'acme', 'two'), undefined);
});

test('a commit is served after a refresh; unchanged organizations keep their snapshot and get the revision', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const beta = cache.orgs.get('beta')?.snapshot;
  const two = flagOf(cache, 'acme', 'two');
  const swapped: string[] = [];
  cache.onSwap((org) => swapped.push(org.snapshot.key));
  const commit = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  await cache.refresh();
  assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
  assert.is(flagOf(cache, 'acme', 'two'), two);
  assert.is(cache.orgs.get('beta')?.snapshot, beta);
  assert.is(cache.orgs.get('beta')?.revision, commit);
  assert.equal(swapped, ['acme']);
});

test('an organization that a commit removes is gone, and comes back as new', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  await made.commit({ 'flags/beta': null });
  await cache.refresh();
  assert.equal([...cache.orgs.keys()], ['acme']);
  await made.git('reset', '--quiet', '--hard', 'HEAD^');
  await cache.refresh();
  assert.equal([...cache.orgs.keys()], ['acme', 'beta']);
});

test('organizations are found by key and by id; the default one is configured or the first', async () => {
  const files = flagFiles({ acme: { one: 1 }, beta: { one: 1 } });
  const made = await createRepository({ ...files, 'flags/beta/org.yaml': 'id: org_01J4K8M2N3P5Q7R9\n' });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.is(cache.findOrg('org_01J4K8M2N3P5Q7R9')?.snapshot.key, 'beta');
  assert.is(cache.findOrg('beta')?.snapshot.key, 'beta');
  assert.is(cache.findOrg('nobody'), undefined);
  assert.is(cache.defaultOrg?.snapshot.key, 'acme');
  await made.commit({ '.flagstaff.yaml': 'defaultOrg: beta\n' });
  await cache.refresh();
  assert.is(cache.defaultOrg?.snapshot.key, 'beta');
});

test('broken settings leave the last good ones in force, also after a restart', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  await made.commit({ '.flagstaff.yaml': 'defaultOrg: beta\n' });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  await made.commit({ '.flagstaff.yaml': 'defaultOrg: [\n' });
  await cache.refresh();
  const restarted = await cacheOf(made.dir);
  await restarted.ready;
  for (const { defaultOrg, problems } of [cache, restarted]) {
    assert.is(defaultOrg?.snapshot.key, 'beta');
    assert.equal(
      problems.map(({ path, severity }) => [path, severity]),
      [['.flagstaff.yaml', 'error']],
    );
  }
});

test('files under flags/ that belong to no organization are problems', async () => {
  const made = await createRepository({
    ...flagFiles({ acme: { one: 1 } }),
    'flags/stray.yaml': 'x: 1\n',
    'flags/Bad Org/org.yaml': 'name: x\n',
  });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.equal([...new Set(cache.problems.map(({ path }) => path))].sort(), [
    'flags/Bad Org/org.yaml',
    'flags/stray.yaml',
  ]);
});

test('times come from history when it is ready', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  await made.commit({ [flagPath('acme', 'two')]: flagText(1) }, 'two', {
    GIT_COMMITTER_DATE: '2026-01-15T10:00:00Z',
  });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const time = '2026-01-15T10:00:00Z';
  assert.equal(cache.history.timesOf(flagPath('acme', 'two')), { createdAt: time, updatedAt: time });
});

test('an unborn branch is not ready, and its first commit is picked up', async () => {
  const made = await createRepository();
  const cache = await cacheOf(made.dir);
  await cache.refresh();
  assert.is(cache.isReady, false);
  assert.is(cache.revision, undefined);
  await made.commit(flagFiles({ acme: { one: 1 } }));
  await cache.ready;
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
});

test('a detached HEAD and a bare repository are served', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  await made.git('checkout', '--quiet', 'HEAD^');
  const bare = temporaryFolder();
  await made.git('clone', '--quiet', '--bare', '--branch=main', '.', bare);
  const caches = [await cacheOf(made.dir), await cacheOf(bare)];
  for (const cache of caches) await cache.ready;
  assert.equal(
    caches.map((cache) => versionOf(cache, 'acme', 'one')),
    ['version-1', 'version-2'],
  );
});

test('a branch is followed whatever is checked out; without it HEAD is (DESIGN 5)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  await made.git('branch', 'live');
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const [live, head] = [await cacheOf(made.dir, { branch: 'live' }), await cacheOf(made.dir)];
  await Promise.all([live.ready, head.ready]);
  assert.is(versionOf(live, 'acme', 'one'), 'version-1');
  assert.is(versionOf(head, 'acme', 'one'), 'version-2');
  await made.git('branch', '--force', 'live', 'main');
  await until(live, () => versionOf(live, 'acme', 'one') === 'version-2');
});

test('a linked work tree is served from its own HEAD', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const dir = join(temporaryFolder(), 'linked');
  await made.git('worktree', 'add', '--quiet', '-b', 'side', dir);
  const linked = await cacheOf(dir);
  await linked.ready;
  await repositoryAt(dir).commit({ [flagPath('acme', 'one')]: flagText(2) });
  await until(linked, () => versionOf(linked, 'acme', 'one') === 'version-2');
});

test('invalidate reads an organization again from git, and serves the old one meanwhile', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const before = cache.orgs.get('acme');
  const swapped: string[] = [];
  cache.onSwap((org) => swapped.push(org.snapshot.key));
  cache.invalidate('acme');
  assert.is(cache.orgs.get('acme'), before);
  await cache.refresh();
  assert.equal(swapped, ['acme']);
  cache.invalidate(undefined);
  await cache.refresh();
  assert.equal(swapped.sort(), ['acme', 'acme', 'beta']);
});

test('an invalidate while another one is being done is done too', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  let swaps = 0;
  cache.onSwap(() => {
    swaps += 1;
    if (swaps === 1) cache.invalidate('acme');
  });
  cache.invalidate('acme');
  await until(cache, () => swaps === 2);
});

/** Commits a symlink in the place of a folder, and one change beside it. */
async function replaceByLink(made: TestRepository, path: string, beside: Files): Promise<string> {
  made.write({ [path]: null, ...beside });
  symlinkSync('elsewhere', join(made.dir, path));
  return made.commit({}, 'a link');
}

for (const path of ['flags', 'flags/acme']) {
  test(`${path} as a link stops nothing that is served, also after a restart, and is told (P9, P11)`, async () => {
    const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
    const lines: string[] = [];
    const running = await cacheOf(made.dir, { log: (line) => lines.push(line) });
    await running.ready;
    const beside = path === 'flags' ? {} : { [flagPath('beta', 'one')]: flagText(2) };
    const commit = await replaceByLink(made, path, beside);
    await running.refresh();
    const restarted = await cacheOf(made.dir);
    await restarted.ready;
    for (const cache of [running, restarted]) {
      assert.is(cache.revision, commit);
      assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
      assert.is(versionOf(cache, 'beta', 'one'), path === 'flags' ? 'version-1' : 'version-2');
      assert.equal(
        cache.problems.map((problem) => [problem.path, problem.severity]),
        [[path, 'error']],
      );
    }
    assert.match(lines.join('\n'), new RegExp(`^the repository: 1 errors; first ${path}:1:1`));
    await made.git('revert', '--no-edit', 'HEAD');
    await running.refresh();
    assert.equal(running.problems, []);
    assert.is(lines.at(-1), 'the repository: everything is read again');
  });
}

test('broken settings and stray files are told in the log, once (DESIGN 5)', async () => {
  const made = await createRepository({ ...flagFiles({ acme: { one: 1 } }), '.flagstaff.yaml': 'x: [\n' });
  const lines: string[] = [];
  const cache = await cacheOf(made.dir, { log: (line) => lines.push(line) });
  await cache.ready;
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  await cache.refresh();
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /^the repository: 1 errors; first \.flagstaff\.yaml:\d+:\d+/);
});

test('a branch that is not there is told, and served once it is', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const lines: string[] = [];
  const cache = await cacheOf(made.dir, { branch: 'live', log: (line) => lines.push(line) });
  await until(cache, () => cache.trouble !== undefined);
  assert.is(cache.trouble, 'there is no branch live');
  assert.equal(lines, ['there is no branch live']);
  await made.git('branch', 'live');
  await cache.ready;
  assert.is(cache.trouble, undefined);
});

test('the default organization is another one as soon as the settings or the organizations are', async () => {
  const made = await createRepository(flagFiles({ beta: { one: 1 }, gamma: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const defaults = [cache.defaultOrg?.snapshot.key];
  const steps = [
    { ...flagFiles({ acme: { one: 1 } }) },
    { '.flagstaff.yaml': 'defaultOrg: gamma\n' },
    { [flagPath('gamma', 'one')]: flagText(2) },
    { 'flags/gamma': null },
  ];
  for (const files of steps) {
    await made.commit(files);
    await cache.refresh();
    assert.is(cache.defaultOrg, cache.orgs.get(cache.defaultOrg?.snapshot.key ?? ''));
    defaults.push(cache.defaultOrg?.snapshot.key);
  }
  assert.equal(defaults, ['beta', 'acme', 'gamma', 'gamma', 'acme']);
});

test('links and submodules under flags/ are problems and are not followed', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  made.write({ 'target.txt': '/etc/passwd' });
  const blob = await made.git('hash-object', '-w', 'target.txt');
  await made.git('update-index', '--add', '--cacheinfo', `120000,${blob},${flagPath('acme', 'link')}`);
  await made.git(
    'update-index',
    '--add',
    '--cacheinfo',
    `160000,${await made.head()},${flagPath('acme', 'module')}`,
  );
  await made.git('commit', '--quiet', '--message', 'links');
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const found = cache.orgs.get('acme')?.problems.map(({ path, code }) => [path, code]);
  assert.equal(found, [
    [flagPath('acme', 'link'), 'NOT_A_FILE'],
    [flagPath('acme', 'module'), 'NOT_A_FILE'],
  ]);
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
});

/** A commit on the branch `next`, checked out; the cache follows `main`. */
async function commitAside(made: TestRepository): Promise<void> {
  await made.git('checkout', '--quiet', '-b', 'next');
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
}

async function removeObject(made: TestRepository, revision: string): Promise<string> {
  const oid = await made.git('rev-parse', revision);
  rmSync(join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
  return oid;
}

test('an object that git has lost keeps its last good version, and is served once it is back', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir, { branch: 'main' });
  await cache.ready;
  await commitAside(made);
  await made.commit({ [flagPath('beta', 'one')]: flagText(2), [flagPath('acme', 'two')]: flagText(3) });
  made.write({ [flagPath('acme', 'one')]: 'edited since' });
  await removeObject(made, `HEAD:${flagPath('acme', 'one')}`);
  await made.git('branch', '--force', 'main', 'next');
  await until(cache, () => versionOf(cache, 'beta', 'one') === 'version-2');
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.is(versionOf(cache, 'acme', 'two'), 'version-3');
  assert.is(cache.orgs.get('acme')?.problems[0]?.path, flagPath('acme', 'one'));
  made.write({ 'found-again': flagText(2) });
  await made.git('hash-object', '-w', 'found-again');
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-2');
  assert.equal(cache.orgs.get('acme')?.problems, []);
});

test('a folder that git has lost stops only its organization, and is tried again', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir, { branch: 'main' });
  await cache.ready;
  await commitAside(made);
  await made.commit({ [flagPath('beta', 'one')]: flagText(3) });
  const tree = await removeObject(made, 'HEAD:flags/acme/web-app');
  await made.git('branch', '--force', 'main', 'next');
  await until(cache, () => versionOf(cache, 'beta', 'one') === 'version-3');
  await until(cache, () => cache.revision !== undefined && cache.orgTroubles.size === 1);
  assert.match(cache.orgTroubles.get('acme') ?? '', `object ${tree} is missing`);
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.is.not(cache.orgs.get('acme')?.revision, cache.orgs.get('beta')?.revision);
  rmSync(join(made.dir, '.git/index'));
  await made.git('add', '--all');
  await made.git('write-tree');
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-2');
  assert.is(cache.orgTroubles.size, 0);
});

test('a commit that git has lost leaves everything as it was, is reported once, and is tried again', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const lines: string[] = [];
  const cache = await cacheOf(made.dir, { branch: 'main', log: (line) => lines.push(line) });
  await cache.ready;
  await commitAside(made);
  const tree = await removeObject(made, 'HEAD^{tree}');
  writeFileSync(join(made.dir, '.git/refs/heads/main'), `${await made.head()}\n`);
  await until(cache, () => cache.trouble !== undefined);
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  rmSync(join(made.dir, '.git/index'));
  await made.git('add', '--all');
  await made.git('write-tree');
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-2' && cache.trouble === undefined);
  assert.is(lines.filter((line) => line.includes(`object ${tree} is missing`)).length, 1);
});

const OBSTACLES: readonly ((stateDir: string) => void)[] = [
  (stateDir) => writeFileSync(join(stateDir, 'cache'), 'a file where the folder should be'),
  (stateDir) => mkdirSync(join(stateDir, 'cache/parsed/acme.json'), { recursive: true }),
];

for (const obstruct of OBSTACLES) {
  test('where the cache cannot be kept on disk, all is served all the same', async () => {
    const made = await createRepository(flagFiles({ acme: { one: 1 } }));
    mkdirSync(join(made.dir, '.git/flagstaff'));
    obstruct(join(made.dir, '.git/flagstaff'));
    const cache = await cacheOf(made.dir);
    await cache.ready;
    assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
    assert.is(cache.orgTroubles.size, 0);
    await made.commit({ 'flags/acme': null, ...flagFiles({ beta: { one: 1 } }) });
    await cache.refresh();
    assert.equal([...cache.orgs.keys()], ['beta']);
  });
}

test('a warm start parses nothing that the last one left, and a damaged or foreign store is not there', async () => {
  const made = await createRepository({
    ...flagFiles({ acme: { one: 1 } }),
    [flagPath('acme', 'two')]: BROKEN_FLAG,
  });
  const first = await cacheOf(made.dir);
  await first.ready;
  await closeCaches();
  const store = join(made.dir, '.git/flagstaff/cache/parsed/acme.json');
  const text = readFileSync(store, 'utf8');
  assert.match(text, 'version-1');
  for (const damage of [
    '',
    'x',
    text.slice(0, -20),
    text.replace('version-1', 'version-9'),
    text.replace('parsed files', 'other files'),
  ]) {
    writeFileSync(store, damage);
    const cache = await cacheOf(made.dir);
    await cache.ready;
    assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
    await closeCaches();
  }
});

test.run();
