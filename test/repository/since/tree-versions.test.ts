import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../../src/repository/git.js';
import { loadSince } from '../../../src/repository/since/since.js';
import { readVersions, type TreeVersions } from '../../../src/repository/since/tree-versions.js';
import { flagFiles, flagPath, flagText } from '../../support/flags.js';
import { createRepository, type Files, type TestRepository } from '../../support/git.js';

const START = flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 }, gamma: { one: 1 } });

async function versionsOf(made: TestRepository, revision = 'HEAD'): Promise<TreeVersions> {
  const commit = await made.git('rev-parse', revision);
  return readVersions(await openRepository(made.dir), { commit, workDir: made.dir });
}

/** What git says, files that it does not know included. */
async function changedByGit(made: TestRepository, revision = 'HEAD'): Promise<readonly string[]> {
  const tracked = await made.git('diff', '--name-only', '--no-renames', revision);
  const untracked = await made.git('ls-files', '--others', '--exclude-standard');
  return `${tracked}\n${untracked}`
    .split('\n')
    .filter((path) => path !== '')
    .sort();
}

/** The organizations whose files were listed. */
function orgsIn({ after }: TreeVersions): readonly string[] {
  return [...new Set([...after.files.keys()].map((path) => path.split('/')[1] ?? path))].sort();
}

const CHANGES: readonly [string, Files][] = [
  ['nothing', {}],
  ['a changed flag', { [flagPath('acme', 'one')]: flagText(2) }],
  ['a new flag', { [flagPath('beta', 'two')]: flagText(1) }],
  ['a flag that went', { [flagPath('acme', 'two')]: null }],
  ['a new organization', flagFiles({ delta: { one: 1 } })],
  ['an organization that went', { 'flags/gamma': null }],
  ['settings', { '.flagstaff.yaml': 'defaultOrg: acme\n' }],
  ['something strange', { 'flags/acme/web-app/flags/deep/er.yaml': 'x: 1\n' }],
];

test('what changed is what git says has changed: edited, staged, committed, or half of each', async () => {
  for (const [name, files] of CHANGES) {
    const made = await createRepository(START);
    made.write(files);
    assert.equal([...(await versionsOf(made)).changed].sort(), await changedByGit(made), name);
    await made.git('add', '--all');
    assert.equal([...(await versionsOf(made)).changed].sort(), await changedByGit(made), `${name}, staged`);
    await made.commit({}, name);
    made.write({ [flagPath('acme', 'one')]: flagText(3) });
    const both = [...(await versionsOf(made, 'HEAD~1')).changed].sort();
    assert.equal(both, await changedByGit(made, 'HEAD~1'), `${name}, committed`);
  }
});

test('only organizations that a change may say something of are listed', async () => {
  const made = await createRepository(START);
  // After this the index is younger than all files.
  await made.git('read-tree', 'HEAD');
  await made.git('update-index', '--refresh', '-q');
  assert.equal(orgsIn(await versionsOf(made)), []);
  made.write({ [flagPath('acme', 'one')]: flagText(2) });
  assert.equal(orgsIn(await versionsOf(made)), ['acme']);
  made.write({ [flagPath('delta', 'one')]: flagText(1) });
  assert.equal(orgsIn(await versionsOf(made)), ['acme', 'beta', 'delta', 'gamma']);
  made.write({ 'flags/delta': null, 'flags/acme/org.yaml': 'name: Acme 2\n' });
  assert.equal(orgsIn(await versionsOf(made)), ['acme', 'beta', 'gamma']);
});

test('an organization whose folder something else has replaced is in neither, whatever was served last', async () => {
  const made = await createRepository(START);
  rmSync(join(made.dir, 'flags/beta'), { recursive: true });
  symlinkSync('acme', join(made.dir, 'flags/beta'));
  await made.commit({}, 'a link');
  const { before, after, changed } = await versionsOf(made);
  assert.equal([...before.orgs.keys()], ['acme', 'gamma']);
  assert.equal([...after.orgs.keys()], ['acme', 'gamma']);
  assert.equal([...changed], []);
});

test('a file that goes while the change is looked at is left out', async () => {
  const made = await createRepository(START);
  made.write({ [flagPath('acme', 'one')]: flagText(2), [flagPath('acme', 'three')]: 'nonsense: 1\n' });
  const versions = await versionsOf(made);
  for (const key of ['one', 'three']) rmSync(join(made.dir, flagPath('acme', key)));
  const { after } = await loadSince(versions, 0);
  assert.equal(
    after.problems.map(({ path, code }) => `${path} ${code}`),
    [],
  );
});

test('without an index the same is said', async () => {
  const made = await createRepository(START);
  made.write({ [flagPath('acme', 'one')]: flagText(2) });
  rmSync(join(made.dir, '.git/index'));
  assert.equal([...(await versionsOf(made)).changed], [flagPath('acme', 'one')]);
});

test.run();
