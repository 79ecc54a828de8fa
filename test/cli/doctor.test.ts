import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { startServer } from '../../src/server.js';
import { gitEnvironment, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, flagsRepository, PERSON, run } from './run.js';

const test = suite('cli/doctor');

/** What it finds in a folder, and how it ends. */
async function examine(folder: string, ...words: readonly string[]) {
  const { code, out } = await run(['doctor', '--repo', folder, '--json', ...words], {
    env: PERSON,
    now: Date.now(),
  });
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return { code, findings, bad: findings.filter(({ level }) => level === 'error' || level === 'warning') };
}

/** Every path below a folder with its size and time. */
function stamps(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

test('a sound clone has nothing wrong, and is left as it was', async () => {
  const made = await committedRepository();
  await made.git('status');
  const before = stamps(made.dir);
  const { code, findings, bad } = await examine(made.dir);
  assert.equal([code, bad], [0, []]);
  const abouts = [
    'head',
    'index',
    'locks',
    'work',
    'flags',
    'packs',
    'hooks',
    'disk',
    'programs',
    'clock',
    'remote',
    'server',
  ];
  assert.equal([...new Set(findings.map(({ about }) => about))], abouts);
  assert.equal(stamps(made.dir), before);
});

test('people get a line for each finding, what to do below it, and the sum', async () => {
  const made = await committedRepository();
  writeFileSync(join(made.dir, '.git/index.lock'), '');
  const { code, out } = await run(['doctor', '--repo', made.dir], { env: PERSON, now: Date.now() });
  assert.is(code, 1);
  assert.match(out, /^error +locks +\.git\/index\.lock is a lock of git's, /m);
  assert.match(out, /^ +-> rm '.*\/\.git\/index\.lock' {3}# once you are sure/m);
  assert.match(out, /^1 error, 0 warnings$/m);
});

test('a folder that is no repository is a wrong use', async () => {
  const { code, err } = await run(['doctor', '--repo', flagsRepository()]);
  assert.is(code, 2);
  assert.match(err, 'no git repository at');
});

test('a lock of git on a ref is told with its age', async () => {
  const made = await committedRepository();
  const lock = join(made.dir, '.git/refs/heads/main.lock');
  writeFileSync(lock, '');
  const past = Date.now() / 1_000 - 3 * 3_600;
  utimesSync(lock, past, past);
  const { bad } = await examine(made.dir);
  assert.is(bad.length, 1);
  assert.match(bad[0]?.message ?? '', /^\.git\/refs\/heads\/main\.lock is a lock of git's, 3 hours old: /);
});

test('a lock on what is known of the remote stops fetches, and its path is one word for a shell', async () => {
  const made = await committedRepository();
  const dir = join(temporaryFolder(), "the team's flags");
  await made.git('clone', '--quiet', made.dir, dir);
  const lock = join(dir, '.git/refs/remotes/origin/main.lock');
  writeFileSync(lock, '');
  const { bad } = await examine(dir);
  assert.match(bad[0]?.message ?? '', /; nothing of the remote is brought here while it is there$/);
  const remedy = (bad[0]?.remedy ?? '').replace(/ {3}#.*$/, '');
  execFileSync('sh', ['-c', remedy]);
  assert.is(existsSync(lock), false);
});

test('much uncommitted work is told, too', async () => {
  const made = await committedRepository();
  const name = 'n'.repeat(200);
  made.write(Object.fromEntries(Array.from({ length: 5_500 }, (_, at) => [`${name}${at}.txt`, ''])));
  const { findings } = await examine(made.dir);
  const work = findings.filter(({ about }) => about === 'work');
  assert.match(work.map(({ message }) => message).join(), / and 5495 more: uncommitted, and no flags$/);
});

test('a git program that is too old is told', async () => {
  const made = await committedRepository();
  const folder = temporaryFolder();
  const git = '#!/bin/sh\n[ "$1" = --version ] && echo git version 2.31.8\n';
  writeFileSync(join(folder, 'git'), git, { mode: 0o755 });
  const env = { ...PERSON, PATH: `${folder}:${process.env.PATH}` };
  const { out } = await run(['doctor', '--repo', made.dir], { env, now: Date.now() });
  assert.match(out, /^warning +programs +node .*, git 2\.31\.8, older than 2\.32: /m);
});

test('a clone of another user is told without the advice that would not help', async () => {
  const made = await committedRepository();
  const env = { ...PERSON, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  const { out } = await run(['doctor', '--repo', made.dir], { env, now: Date.now() });
  assert.match(out, /^warning +work +.* belongs to another user: uncommitted work was not looked for$/m);
  assert.not.match(out, 'safe.directory');
});

test('no program that the doctor starts sees the secrets of the server', async () => {
  const made = await committedRepository();
  const folder = temporaryFolder();
  const git = '#!/bin/sh\nenv >> "$0.env"\necho git version 2.39.5\n';
  writeFileSync(join(folder, 'git'), git, { mode: 0o755 });
  const env = { ...PERSON, PATH: `${folder}:${process.env.PATH}`, FLAGSTAFF_JWT_SECRET: 'planted' };
  await run(['doctor', '--repo', made.dir], { env, now: Date.now() });
  assert.not.match(readFileSync(join(folder, 'git.env'), 'utf8'), /planted/);
});

test('a lock that a dead server left behind is known by its inode', async () => {
  const made = await committedRepository();
  const state = join(made.dir, '.git/flagstaff');
  mkdirSync(state);
  writeFileSync(join(state, 'lock-token'), 'Flagstaff holds this lock\n');
  linkSync(join(state, 'lock-token'), join(made.dir, '.git/index.lock'));
  const { bad } = await examine(made.dir);
  assert.is(bad.length, 1);
  assert.match(bad[0]?.message ?? '', /^\.git\/index\.lock is Flagstaff's own, .* has left it behind/);
  assert.match(bad[0]?.remedy ?? '', 'flagstaff serve');
});

test('uncommitted flags are a warning, other files are not', async () => {
  const made = await committedRepository({ 'README.md': 'flags\n' });
  made.write({ [DARK_MODE]: 'environments: {}\n', 'README.md': 'Flags\n', 'new.txt': '' });
  const { code, findings } = await examine(made.dir);
  assert.is(code, 0);
  const work = findings.filter(({ about }) => about === 'work');
  assert.equal(
    work.map(({ level, message }) => `${level} ${message.split(': ')[0]}`),
    [`warning ${DARK_MODE}`, 'note README.md, new.txt'],
  );
});

test('what stops every write is an error: a merge, a detached HEAD, a sparse checkout', async () => {
  const made = await committedRepository();
  writeFileSync(join(made.dir, '.git/MERGE_HEAD'), `${await made.head()}\n`);
  assert.match((await examine(made.dir)).bad[0]?.message ?? '', /^a merge is in progress/);
  await made.git('merge', '--quit');
  await made.git('checkout', '--quiet', '--detach');
  assert.match((await examine(made.dir)).bad[0]?.message ?? '', /^no branch is checked out/);
  await made.git('checkout', '--quiet', 'main');
  await made.git('sparse-checkout', 'set', 'flags/acme');
  const { code, bad } = await examine(made.dir);
  assert.is(code, 1);
  assert.match(bad[0]?.message ?? '', 'it is a sparse checkout');
});

test('a branch that is not there is an error; one that is not checked out cannot be written to', async () => {
  const made = await committedRepository();
  assert.match(
    (await examine(made.dir, '--branch', 'live')).bad[0]?.message ?? '',
    'there is no branch live',
  );
  await made.git('branch', 'live');
  assert.match(
    (await examine(made.dir, '--branch', 'live')).bad[0]?.message ?? '',
    'the branch main is checked out',
  );
});

test('a damaged commit is told with the command that tells more', async () => {
  const made = await committedRepository();
  const oid = await made.head();
  const path = join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(path, 0o644);
  writeFileSync(path, 'nothing');
  const { code, bad } = await examine(made.dir);
  assert.is(code, 1);
  assert.match(bad[0]?.message ?? '', /the git repository is damaged: object .* cannot be unpacked/);
});

test('files that are broken at the head are named with their lines', async () => {
  const made = await committedRepository({ [DARK_MODE]: 'environments: [\n' });
  const { code, bad } = await examine(made.dir);
  assert.is(code, 0);
  assert.ok(bad.some(({ about, message }) => about === 'flags' && message.startsWith(`${DARK_MODE}:`)));
});

test('many loose objects and packs of an old kind are told, with what to run', async () => {
  const made = await committedRepository();
  for (let folder = 0; folder < 256; folder += 16) {
    const path = join(made.dir, '.git/objects', folder.toString(16).padStart(2, '0'));
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 30; file += 1) writeFileSync(join(path, String(file).padStart(38, '0')), '');
  }
  const { bad } = await examine(made.dir);
  assert.match(bad[0]?.message ?? '', /^0 packs of 0 bytes, 7\d{3} loose objects: /);
  assert.match(bad[0]?.remedy ?? '', /^git gc/);
  const old = await committedRepository();
  await old.git('-c', 'pack.indexVersion=1', 'repack', '--quiet', '-a', '-d');
  const { code, bad: indexes } = await examine(old.dir);
  assert.is(code, 1);
  assert.ok(indexes.some(({ about, remedy }) => about === 'packs' && remedy === 'git repack -a -d'));
});

test('hooks that a write over REST does not run are named, wherever they are', async () => {
  const made = await committedRepository();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'pre-commit'), '#!/bin/sh\n', { mode: 0o755 });
  await made.git('config', 'core.hooksPath', folder);
  const { findings } = await examine(made.dir);
  const hooks = findings.find(({ about }) => about === 'hooks');
  assert.is(hooks?.message, `pre-commit in ${folder}: not run for writes over REST`);
});

test('a secret that others can read, and a commit of tomorrow, are told', async () => {
  const made = await committedRepository();
  mkdirSync(join(made.dir, '.git/flagstaff'));
  writeFileSync(join(made.dir, '.git/flagstaff/secret'), '0'.repeat(64), { mode: 0o644 });
  const tomorrow = `${Math.floor(Date.now() / 1_000) + 90_000} +0000`;
  await made.commit({ 'a.txt': 'a' }, 'from tomorrow', { GIT_COMMITTER_DATE: tomorrow });
  const { code, bad } = await examine(made.dir);
  assert.is(code, 1);
  assert.equal(
    bad.map(({ level, about }) => [level, about]),
    [
      ['error', 'secret'],
      ['warning', 'clock'],
    ],
  );
});

test('a server that runs is asked for its health', async () => {
  const made = await committedRepository();
  const log = (): void => undefined;
  const server = await startServer({ repo: made.dir, port: 0, host: '127.0.0.1', log });
  try {
    await server.ready;
    const { code, findings } = await examine(made.dir);
    const found = findings.find(({ about }) => about === 'server');
    assert.equal([code, found?.level], [0, 'ok']);
    assert.is(found?.message, `process ${process.pid} listens on ${server.url}: ok`);
  } finally {
    await server.close();
  }
});

test('without the git program the rest is still examined', async () => {
  const made = await committedRepository();
  const { code, out } = await run(['doctor', '--repo', made.dir], { env: { ...gitEnvironment(), PATH: '' } });
  assert.is(code, 0);
  assert.match(out, /^note +work +the git program is not installed/m);
  assert.match(out, /^note +programs +node .*; the git program is not on the PATH/m);
});

test.run();
