import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { type OrgKey, parseFlagKey, parseOrgKey, parseProjectKey } from '../../src/model/keys.js';
import type { Flag } from '../../src/model/snapshot.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { openRepository } from '../../src/repository/git.js';
import { openPast, type Past, type PastOptions } from '../../src/repository/past.js';
import { textSize } from '../../src/repository/past-size.js';
import type { ServedOrg } from '../../src/repository/served.js';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type TestRepository, temporaryFolder } from '../support/git.js';

const test = suite('repository/past');
const ACME = known(parseOrgKey('acme'));
const GLOBEX = known(parseOrgKey('globex'));
const readers: FileReader[] = [];

test.after(async () => {
  await Promise.all(readers.map((reader) => reader.close()));
});

async function pastOf(dir: string, options: Partial<PastOptions> = {}): Promise<Past> {
  const repository = await openRepository(dir);
  const reader = new FileReader(repository);
  readers.push(reader);
  const history = { commitAt: () => undefined };
  return openPast({ repository, reader, history, now: () => 0, ...options });
}

async function served(past: Past, commit: string, org: OrgKey = ACME): Promise<ServedOrg> {
  return known(await past.orgAt(commit, org));
}

function flagOf(org: ServedOrg, key: string): Flag | undefined {
  const project = org.snapshot.projects.get(known(parseProjectKey('web-app')));
  return project?.flags.get(known(parseFlagKey(key)));
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('wanted a value');
  return value;
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'no failure';
}

/** Git loses what a name stands for. */
async function lose(made: TestRepository, name: string): Promise<void> {
  const oid = await made.git('rev-parse', name);
  rmSync(join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
}

test('an organization is as the commit had it, and says which commit that is', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const first = await made.head();
  const second = await made.commit({
    [flagPath('acme', 'one')]: flagText(2),
    [flagPath('acme', 'two')]: flagText(1),
  });
  const past = await pastOf(made.dir);
  const before = await served(past, first);
  assert.is(before.revision, first);
  assert.is(flagOf(before, 'one')?.file.owner, 'version-1');
  assert.is(flagOf(before, 'two'), undefined);
  assert.is(flagOf(await served(past, second), 'one')?.file.owner, 'version-2');
  assert.is((await served(past, second)).revision, second);
});

test('an id is that of its commit, whatever branch is called so', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const first = await made.head();
  const second = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const name = second.slice(0, 8);
  await made.git('branch', name, first);
  const past = await pastOf(made.dir);
  assert.is((await past.resolve(name)).commit, first);
  assert.is(await past.resolveId(name), second);
  assert.is(await past.resolveId(second.toUpperCase()), second);
  for (const other of ['main', 'HEAD', second.slice(0, 6), '../HEAD', '', `${name}~1`])
    assert.is(await codeOf(past.resolveId(other)), 'REVISION_NOT_FOUND', other);
});

test('a branch, packed or not, is read as it is, whatever lies in the work tree', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  await made.git('checkout', '--quiet', '-b', 'other');
  const other = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  await made.git('checkout', '--quiet', 'main');
  await made.git('gc', '--quiet');
  made.write({ [flagPath('acme', 'one')]: flagText(3) });
  assert.is(flagOf(await served(await pastOf(made.dir), other), 'one')?.file.owner, 'version-2');
});

test('where the commit has no such organization there is none', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const first = await made.head();
  const second = await made.commit(flagFiles({ globex: { one: 1 } }));
  const past = await pastOf(made.dir);
  assert.is(await past.orgAt(first, GLOBEX), undefined);
  assert.is((await past.orgAt(second, GLOBEX))?.snapshot.key, 'globex');
  const bare = await createRepository({ 'README.md': 'no flags' });
  assert.is(await (await pastOf(bare.dir)).orgAt(await bare.head(), ACME), undefined);
});

test('a flag whose file was broken has the version that was served then', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const good = await made.head();
  const broken = await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  const mended = await made.commit({ [flagPath('acme', 'one')]: flagText(3) });
  const past = await pastOf(made.dir);
  const then = await served(past, broken);
  assert.is(flagOf(then, 'one')?.file.owner, 'version-1');
  assert.is(then.staleFlags, 1);
  assert.is((await served(past, good)).staleFlags, 0);
  assert.is(flagOf(await served(past, mended), 'one')?.file.owner, 'version-3');
});

test('what is served now is no past: broken files and references that do not resolve have what was served before them', async () => {
  const one = flagPath('acme', 'one');
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  const broken = await made.commit({ [one]: BROKEN_FLAG });
  await made.commit({ [one]: flagText(2) });
  const requires = 'owner: version-3\nenvironments:\n  production: { enabled: true, requires: [nobody] }\n';
  const unresolved = await made.commit({ [one]: requires });
  const newest = await made.commit({ [one]: flagText(4) });
  const now = await served(await pastOf(made.dir), newest);
  const past = await pastOf(made.dir, { orgs: () => new Map([['acme', now]]) });
  for (const [commit, version] of [
    [broken, 'version-1'],
    [unresolved, 'version-2'],
  ] as const) {
    const then = await served(past, commit);
    assert.is(flagOf(then, 'one')?.file.owner, version);
    assert.is(then.staleFlags, 1);
    assert.is(flagOf(then, 'two')?.stale, undefined);
  }
});

test('equal broken files with another past are served from that past', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const broken = await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const again = await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  const now = await served(await pastOf(made.dir), again);
  for (const options of [{}, { orgs: () => new Map([['acme', now]]) }]) {
    const past = await pastOf(made.dir, options);
    const [one, other] = [await served(past, broken), await served(past, again)];
    assert.is(one.version, other.version);
    assert.is(flagOf(one, 'one')?.file.owner, 'version-1');
    assert.is(flagOf(other, 'one')?.file.owner, 'version-2');
  }
});

test('commits that hold the same version share one snapshot, each under its own revision', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const first = await made.head();
  const second = await made.commit({ 'README.md': 'text' });
  const past = await pastOf(made.dir);
  const [one, other] = [await served(past, first), await served(past, second)];
  assert.is(one.snapshot, other.snapshot);
  assert.is(one.projects, other.projects);
  assert.equal([one.revision, other.revision], [first, second]);
});

test('a version that is served now is not built again, and no file that it shares is parsed again', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  const first = await made.head();
  const second = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const now = await served(await pastOf(made.dir), second);
  const past = await pastOf(made.dir, { orgs: () => new Map([['acme', now]]) });
  assert.is((await served(past, second)).snapshot, now.snapshot);
  made.write({ [flagPath('acme', 'two')]: flagText(9) });
  await lose(made, `${second}:${flagPath('acme', 'two')}`);
  const before = await served(past, first);
  const parsedOf = (org: ServedOrg) => org.files.find(({ path }) => path === flagPath('acme', 'two'))?.parsed;
  assert.is(known(parsedOf(before)), parsedOf(now));
  assert.is(flagOf(before, 'one')?.file.owner, 'version-1');
});

test('those who ask for one commit at the same time share one build', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const commit = await made.head();
  const past = await pastOf(made.dir);
  const [first, ...others] = await Promise.all(Array.from({ length: 50 }, () => served(past, commit)));
  for (const other of others) assert.is(other.snapshot, first?.snapshot);
});

test('only the organization that is asked for is read', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 }, globex: { one: 7, two: 8 } }));
  const commit = await made.head();
  made.write({ [flagPath('globex', 'one')]: null });
  await lose(made, `${commit}:flags/globex/web-app/flags`);
  await lose(made, `${commit}:flags/globex/web-app`);
  await lose(made, `${commit}:flags/globex`);
  const past = await pastOf(made.dir);
  assert.is(flagOf(await served(past, commit), 'one')?.file.owner, 'version-1');
  assert.is(await codeOf(past.orgAt(commit, GLOBEX)), 'REPOSITORY_DAMAGED');
});

test('an object that git has lost is a failure and not an older answer; it is asked for again', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const commit = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  made.write({ [flagPath('acme', 'one')]: null });
  await lose(made, `${commit}:${flagPath('acme', 'one')}`);
  const past = await pastOf(made.dir);
  assert.is(await codeOf(past.orgAt(commit, ACME)), 'REPOSITORY_DAMAGED');
  made.write({ [flagPath('acme', 'one')]: flagText(2) });
  await made.git('hash-object', '-w', flagPath('acme', 'one'));
  assert.is(flagOf(await served(past, commit), 'one')?.file.owner, 'version-2');
  assert.is(await codeOf(past.orgAt('3'.repeat(40), ACME)), 'REPOSITORY_DAMAGED');
});

test('in a shallow clone the commits that are there are served, and what is broken there has no older version', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  const commit = await made.commit({ [flagPath('acme', 'two')]: flagText(2) });
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--bare', '--depth', '1', `file://${made.dir}`, dir);
  const then = await served(await pastOf(dir), commit);
  assert.is(flagOf(then, 'one'), undefined);
  assert.is(flagOf(then, 'two')?.file.owner, 'version-2');
});

test('where a link has taken the place of the organization, its last folder is served', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  await made.git('rm', '-r', '--quiet', 'flags/acme');
  const oid = await made.git('rev-parse', 'HEAD:flags/acme/org.yaml');
  await made.git('update-index', '--add', '--cacheinfo', `120000,${oid},flags/acme`);
  await made.git('commit', '--quiet', '--message', 'a link');
  const then = await served(await pastOf(made.dir), await made.head());
  assert.is(flagOf(then, 'one')?.file.owner, 'version-1');
});

test('what is kept is bounded by the size of its files: the one that was not asked for longest is built again', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const first = await made.head();
  const second = await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const third = await made.commit({ [flagPath('acme', 'one')]: flagText(3) });
  const names = Array.from({ length: 1_000 }, (_, number) => `u-${number}`).join(', ');
  const large = await made.commit({ 'flags/acme/web-app/overrides/one.yaml': `- { users: [${names}] }\n` });
  const all = await pastOf(made.dir);
  const past = await pastOf(made.dir, { mostText: 2 * (await textSize(await served(all, first))) });
  const one = await served(past, first);
  const two = await served(past, second);
  assert.is((await served(past, first)).snapshot, one.snapshot);
  await served(past, third);
  assert.is((await served(past, first)).snapshot, one.snapshot);
  assert.is.not((await served(past, second)).snapshot, two.snapshot);
  const whole = await served(past, large);
  assert.is(
    (await served(past, large)).snapshot,
    whole.snapshot,
    'what is larger than all the room is kept alone',
  );
  assert.is.not((await served(past, first)).snapshot, one.snapshot);
});

test('more builds than can be waited for are refused at once, and those that wait are made', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const commits = [await made.head()];
  for (let version = 1; version < 40; version += 1)
    commits.push(await made.commit({ [flagPath('acme', 'one')]: flagText(version) }));
  const past = await pastOf(made.dir);
  const codes = await Promise.all(commits.map((commit) => codeOf(past.orgAt(commit, ACME))));
  assert.is(codes.filter((code) => code === 'TOO_MANY_REVISIONS').length, 40 - 32);
  assert.is(codes.filter((code) => code === 'no failure').length, 32);
  assert.is(flagOf(await served(past, known(commits[39])), 'one')?.file.owner, 'version-39');
});

test.run();
