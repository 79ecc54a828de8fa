import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatProblem } from '../../src/model/problem.js';
import { walkWorkTree } from '../../src/repository/work-stamp.js';
import { loadDirectory } from '../../src/repository/worktree.js';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type Files, temporaryFolder } from '../support/git.js';
import { cacheOf, closeCaches, until, versionOf } from '../support/served.js';

const test = suite('repository/worktree');
test.after.each(closeCaches);

function folderOf(files: Files): string {
  const dir = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text ?? '');
  }
  return dir;
}

test('the work tree is served live, edits, new and removed files too (DESIGN 5)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  made.write({ [flagPath('acme', 'one')]: flagText(2) });
  const cache = await cacheOf(made.dir, { worktree: true });
  await cache.ready;
  assert.is(cache.revision, 'worktree');
  assert.is(cache.orgs.get('acme')?.revision, 'worktree');
  assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
  made.write({ [flagPath('acme', 'one')]: flagText(3), ...flagFiles({ beta: { one: 1 } }) });
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-3' && cache.orgs.has('beta'));
  made.write({ [flagPath('acme', 'one')]: BROKEN_FLAG, 'flags/beta': null });
  await until(cache, () => cache.orgs.get('acme')?.staleFlags === 1 && !cache.orgs.has('beta'));
  assert.is(versionOf(cache, 'acme', 'one'), 'version-3');
});

test('the work tree is served before there is any commit', async () => {
  const made = await createRepository();
  made.write(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(made.dir, { worktree: true });
  await cache.ready;
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
});

test('a folder of plain files is loaded without git, with every problem located', async () => {
  const dir = folderOf({
    ...flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 } }),
    [flagPath('acme', 'one')]:
      'owner: x\nenvironments:\n  production: { enabled: true, segments: [nowhere] }\n',
    [flagPath('beta', 'two')]: BROKEN_FLAG,
    'flags/stray.yaml': 'x: 1\n',
    '.flagstaff.yaml': 'defaultOrg: beta\n',
  });
  const { orgs, problems, defaultOrg } = await loadDirectory(dir, 0);
  assert.equal([...orgs.keys()], ['acme', 'beta']);
  assert.is(defaultOrg, 'beta');
  assert.equal(
    problems.filter(({ severity }) => severity === 'error').map(({ path, line }) => `${path}:${line}`),
    [
      `${flagPath('acme', 'one')}:3`,
      `${flagPath('beta', 'two')}:${problems.find(({ path }) => path === flagPath('beta', 'two'))?.line}`,
      'flags/stray.yaml:1',
    ],
  );
});

test('the stamp of a work tree is another one after each change of a file (DESIGN 5)', async () => {
  const dir = folderOf(flagFiles({ acme: { one: 1, two: 1 } }));
  const stamps = [(await walkWorkTree(dir)).stamp];
  assert.is((await walkWorkTree(dir)).stamp, stamps[0]);
  const changes: readonly (() => void)[] = [
    () => writeFileSync(join(dir, flagPath('acme', 'one')), flagText(22)),
    () => rmSync(join(dir, flagPath('acme', 'two'))),
    () => writeFileSync(join(dir, '.flagstaff.yaml'), 'defaultOrg: acme\n'),
    () => mkdirSync(join(dir, 'flags/beta')),
    () => rmSync(join(dir, 'flags'), { recursive: true }),
  ];
  for (const change of changes) {
    change();
    stamps.push((await walkWorkTree(dir)).stamp);
  }
  assert.is(new Set(stamps).size, stamps.length);
});

test('flags as a link is a problem (P9)', async () => {
  const dir = folderOf({ 'elsewhere/acme/org.yaml': 'name: Acme\n' });
  symlinkSync('elsewhere', join(dir, 'flags'));
  const { orgs, problems } = await loadDirectory(dir, 0);
  assert.is(orgs.size, 0);
  assert.equal(
    problems.map(({ path, severity }) => [path, severity]),
    [['flags', 'error']],
  );
});

const ONE_ID: Files = {
  ...flagFiles({ acme: { one: 1 }, beta: { one: 1 } }),
  'flags/acme/org.yaml': '# the first\nid: org_1\n',
  'flags/beta/org.yaml': '# the second\nid: org_1\n',
};

test('an id of two organizations is told of the second, at its line (DESIGN 1)', async () => {
  const { problems } = await loadDirectory(folderOf(ONE_ID), 0);
  assert.equal(problems.map(formatProblem), [
    'flags/beta/org.yaml:2:5: error DUPLICATE_ID: id org_1: organization acme has it already; leave it out or choose another',
  ]);
});

test('what is wrong between organizations is told until either of them is mended, and stops neither', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, beta: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const told = () =>
    [...cache.orgs.values()].flatMap(({ problems }) =>
      problems.map(({ path, line, code }) => `${path}:${line} ${code}`),
    );
  await made.commit({ 'flags/beta/org.yaml': ONE_ID['flags/beta/org.yaml'] ?? '' });
  await until(cache, () => cache.orgs.get('beta')?.snapshot.id === 'org_1');
  assert.equal(told(), []);
  await made.commit({ 'flags/acme/org.yaml': ONE_ID['flags/acme/org.yaml'] ?? '' });
  await until(cache, () => told().join() === 'flags/beta/org.yaml:2 DUPLICATE_ID');
  assert.is(versionOf(cache, 'beta', 'one'), 'version-1');
  await made.commit({ 'flags/acme/org.yaml': 'name: acme\n' });
  await until(cache, () => told().length === 0);
});

test('links out of flags/ are problems, whether to files or folders, and are not followed', async () => {
  const secret = folderOf({ 'secret.yaml': flagText(1), 'flags/three.yaml': flagText(1) });
  const dir = folderOf(flagFiles({ acme: { one: 1 } }));
  symlinkSync(join(secret, 'secret.yaml'), join(dir, flagPath('acme', 'two')));
  symlinkSync(join(secret, 'flags'), join(dir, 'flags/acme/web-app/segments'));
  symlinkSync(secret, join(dir, 'flags/evil'));
  const { orgs, problems } = await loadDirectory(dir, 0);
  assert.equal([...orgs.keys()], ['acme']);
  const flags = [...(orgs.get([...orgs.keys()][0] as never)?.snapshot?.projects.values() ?? [])].flatMap(
    (project) => [...project.flags.keys()],
  );
  assert.equal(flags, ['one']);
  const paths = problems.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  assert.equal(paths, ['flags/acme/web-app/flags/two.yaml', 'flags/acme/web-app/segments', 'flags/evil']);
});

test('a broken or missing .flagstaff.yaml leaves the first organization the default', async () => {
  const broken = await loadDirectory(
    folderOf({ ...flagFiles({ beta: {}, acme: {} }), '.flagstaff.yaml': 'x: [' }),
    0,
  );
  assert.is(broken.defaultOrg, 'acme');
  assert.ok(broken.problems.some(({ path }) => path === '.flagstaff.yaml'));
  const empty = await loadDirectory(temporaryFolder(), 0);
  assert.is(empty.defaultOrg, undefined);
  assert.equal(empty.problems, []);
});

test.run();
