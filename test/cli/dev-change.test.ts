import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryAt, type TestRepository } from '../support/git.js';
import { until } from '../support/until.js';
import { devSuite, start } from './dev-session.js';
import { committedRepository, DARK_MODE, flagsRepository, run, SMALL, writeFiles } from './run.js';

const dev = devSuite('flagstaff dev, the change since a commit');

/** The heading of a check. */
const CHECK = /^\d\d:\d\d:\d\d (?:ok|broken): /;
const OTHER = 'flags/acme/web-app/flags/other.yaml';
const SPLIT = SMALL[DARK_MODE].replace('serve: off', 'serve: { on: 20, off: 80 }');
/** The same shares, for other people. */
const TURNED = SPLIT.replace('{ on: 20, off: 80 }', '{ off: 80, on: 20 }');
/** A step of 60 points. */
const STEEP = SPLIT.replace('{ on: 20, off: 80 }', '{ on: 80, off: 20 }');
const POLICY = 'policy: { ramp: { points: 20, environments: [production] } }\n';

/** A repository with a commit of a split. */
function committedSplit(): Promise<TestRepository> {
  return committedRepository({
    [DARK_MODE]: SPLIT,
    [OTHER]: 'environments: {}\n',
    '.flagstaff.yaml': POLICY,
  });
}

/** The check without its time, and the codes of what stands below it. */
function shortOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    CHECK.test(line)
      ? [line.slice('00:00:00 '.length)]
      : (/^flags.*?: (?:error|warning) [A-Z_]+/.exec(line) ?? []),
  );
}

dev('what the change since HEAD does is told once, and when it is mended', async (open) => {
  const { dir } = await committedSplit();
  const session = start(open, { cwd: dir });
  await session.told(CHECK);
  writeFiles(dir, { [DARK_MODE]: TURNED });
  assert.equal(shortOf(await session.told(/^flags/)), [
    'ok: acme/web-app/dark-mode: production: serves 80 % off, 20 % on (was 20 % on, 80 % off); 0 errors, 1 warning; 2 tests passed',
    `${DARK_MODE}:8:5: warning REBUCKETED`,
  ]);
  writeFiles(dir, { [OTHER]: 'owner: team-web\nenvironments: {}\n' });
  assert.equal(shortOf(await session.told(CHECK)), [
    'ok: acme/web-app/other: owner added: team-web; 0 errors, 1 warning',
  ]);
  writeFiles(dir, { [DARK_MODE]: STEEP });
  const steep = shortOf(await session.told(/RAMP_TOO_STEEP/));
  assert.is(steep.at(-1), `${DARK_MODE}:8:5: warning RAMP_TOO_STEEP`);
  assert.not(steep.some((line) => line.includes('REBUCKETED')));
  writeFiles(dir, { [DARK_MODE]: SPLIT });
  const [mended] = shortOf(await session.told(CHECK));
  assert.match(mended ?? '', /^ok: .*; 2 tests passed$/);
  assert.not.match(mended ?? '', 'warning');
});

dev(
  'what is there before it starts is told below the first line, which does not wait for git',
  async (open) => {
    const { dir, git } = await committedSplit();
    writeFiles(dir, { [DARK_MODE]: STEEP });
    const session = start(open, { cwd: dir });
    const head = (await git('rev-parse', 'HEAD')).slice(0, 10);
    assert.equal(shortOf(await session.told(/^flags/)), [
      'ok: 7 files checked; 2 tests passed',
      `ok: compared with HEAD, ${head}; 0 errors, 1 warning`,
      `${DARK_MODE}:8:5: warning RAMP_TOO_STEEP`,
    ]);
  },
);

dev(
  'HEAD is followed: a commit ends the change, and going back to the one before brings it again',
  async (open) => {
    const repository = await committedSplit();
    const { dir, git } = repository;
    const session = start(open, { cwd: dir }, ['--json']);
    const read = async () => JSON.parse((await session.told(/^/))[0] ?? '');
    assert.is((await read()).base, null);
    writeFiles(dir, { [DARK_MODE]: TURNED });
    const saved = await read();
    assert.is(saved.base, await git('rev-parse', 'HEAD'));
    assert.equal(codesOf(saved), ['REBUCKETED']);
    const commit = await repository.commit({}, 'turn it');
    const committed = await read();
    assert.equal([committed.base, committed.changes, codesOf(committed)], [commit, [], []]);
    await git('reset', '--quiet', '--soft', 'HEAD~1');
    const back = await read();
    assert.equal([back.base, codesOf(back)], [saved.base, ['REBUCKETED']]);
  },
);

function codesOf({ problems }: { readonly problems: readonly { readonly code: string }[] }) {
  return problems.map(({ code }) => code);
}

dev('it says what validate --base HEAD says, also where a file of HEAD is broken', async (open) => {
  const repository = await committedSplit();
  const { dir } = repository;
  const broken = 'flags/acme/web-app/flags/broken.yaml';
  await repository.commit({ [broken]: `${SPLIT}rules: [\n` }, 'broken');
  writeFiles(dir, {
    [DARK_MODE]: TURNED,
    [broken]: STEEP,
    'flags/acme/web-app/flags/new.yaml': STEEP,
  });
  const session = start(open, { cwd: dir }, ['--json']);
  await session.told(/^/);
  const { problems } = JSON.parse((await session.told(/new\.yaml/)).at(-1) ?? '');
  const { out } = await run(['validate', '--base', 'HEAD', '--json'], { cwd: dir });
  assert.equal(problems, JSON.parse(out).problems);
  assert.ok(codesOf({ problems }).includes('RAMP_TOO_STEEP'));
});

dev('a copy of an organization does not hide what changes in the other one', async (open) => {
  const repository = await committedSplit();
  const { dir } = repository;
  cpSync(path.join(dir, 'flags/acme'), path.join(dir, 'flags/beta'), { recursive: true });
  await repository.commit({}, 'copy');
  const session = start(open, { cwd: dir }, ['--json']);
  await session.told(/^/);
  writeFiles(dir, { [DARK_MODE]: TURNED });
  assert.equal(codesOf(JSON.parse((await session.told(/^/)).at(-1) ?? '')), ['REBUCKETED']);
});

dev('an organization that is renamed meanwhile is compared under its new name', async (open) => {
  const repository = await committedSplit();
  const { dir, git } = repository;
  const session = start(open, { cwd: dir }, ['--json']);
  await session.told(/^/);
  writeFiles(dir, { [OTHER]: 'owner: team-web\nenvironments: {}\n' });
  await session.told(/"base":"[0-9a-f]/);
  writeFiles(dir, { [OTHER]: 'environments: {}\n' });
  await git('mv', 'flags/acme', 'flags/zeta');
  const commit = await repository.commit({}, 'rename');
  await session.told(/"removed"/);
  writeFiles(dir, { [DARK_MODE.replace('acme', 'zeta')]: TURNED });
  const told = JSON.parse((await session.told(/REBUCKETED/)).at(-1) ?? '');
  const { out } = await run(['validate', '--base', 'HEAD', '--json'], { cwd: dir });
  assert.equal([told.base, told.problems], [commit, JSON.parse(out).problems]);
});

dev('it says what validate --base HEAD says where project.yaml of HEAD is broken', async (open) => {
  const repository = await committedSplit();
  const { dir } = repository;
  const project = 'flags/acme/web-app/project.yaml';
  const good = readFileSync(path.join(dir, project), 'utf8');
  const commit = await repository.commit({ [project]: 'environments: [\n' }, 'broken');
  writeFiles(dir, { [project]: good, [DARK_MODE]: TURNED });
  const session = start(open, { cwd: dir }, ['--json']);
  await session.told(/^/);
  writeFiles(dir, { [OTHER]: 'owner: team-web\nenvironments: {}\n' });
  const told = JSON.parse((await session.told(/owner added/)).at(-1) ?? '');
  const { out } = await run(['validate', '--base', 'HEAD', '--json'], { cwd: dir });
  assert.equal([told.base, told.problems], [commit, JSON.parse(out).problems]);
});

dev('a flag whose file is broken did not get the key of one that is new', async (open) => {
  const { dir } = await committedSplit();
  const twin = DARK_MODE.replace('dark-mode', 'twin');
  writeFiles(dir, { [DARK_MODE]: `${SPLIT}rules: [\n`, [twin]: SPLIT });
  const session = start(open, { cwd: dir }, ['--json']);
  await session.told(/^/);
  writeFiles(dir, { [OTHER]: 'owner: team-web\nenvironments: {}\n' });
  const told = JSON.parse((await session.told(/"base":"[0-9a-f]/)).at(-1) ?? '');
  const { out } = await run(['validate', '--base', 'HEAD', '--json'], { cwd: dir });
  assert.not.match(out, 'REBUCKETED');
  assert.equal(told.problems, JSON.parse(out).problems);
  rmSync(path.join(dir, DARK_MODE));
  await session.told(/flag dark-mode is now twin/);
  assert.match((await run(['validate', '--base', 'HEAD'], { cwd: dir })).out, 'flag dark-mode is now twin');
});

dev('why the change cannot be judged is said again after it could be', async (open) => {
  const { dir, git } = await committedSplit();
  await git('branch', 'next');
  writeFiles(dir, { [DARK_MODE]: STEEP });
  const session = start(open, { cwd: dir }, ['--base', 'next']);
  await session.told(/compared with next/);
  for (const times of [1, 2]) {
    await git('branch', '--quiet', '-D', 'next');
    await until(() => session.warnings.length === times);
    await git('branch', 'next');
    await session.told(/compared with next/);
  }
});

dev('--base compares with another branch, whose moves are followed', async (open) => {
  const repository = await committedSplit();
  const { dir, git } = repository;
  await git('switch', '--quiet', '--create', 'next');
  const commit = await repository.commit({ [DARK_MODE]: STEEP }, 'steep');
  const session = start(open, { cwd: dir }, ['--base', 'main']);
  assert.match((await session.told(/RAMP_TOO_STEEP/)).join('\n'), /compared with main, [0-9a-f]{10}; /);
  await git('update-ref', 'refs/heads/main', commit);
  const [line] = shortOf(await session.told(CHECK));
  assert.is(line, `ok: compared with main, ${commit.slice(0, 10)}`);
  const wrong = start(open, { cwd: dir }, ['--base', 'nowhere']);
  assert.is(await wrong.end(), 2);
  assert.match(wrong.warnings.join('\n'), 'nowhere');
});

dev('before the first commit there is no change, and from the first one on there is', async (open) => {
  const dir = flagsRepository({ [DARK_MODE]: SPLIT });
  const repository = repositoryAt(dir);
  await repository.git('init', '--quiet', '--initial-branch=main');
  const session = start(open, { cwd: dir });
  await session.told(CHECK);
  writeFiles(dir, { [DARK_MODE]: TURNED });
  assert.not.match((await session.told(CHECK)).at(-1) ?? '', 'warning');
  await repository.commit({}, 'start');
  writeFiles(dir, { [DARK_MODE]: SPLIT });
  assert.match((await session.told(/^flags/)).join('\n'), 'REBUCKETED');
});

dev('a file that git has lost is told once, and what stands in the files all the same', async (open) => {
  const { dir, git } = await committedSplit();
  const lost = await git('rev-parse', `HEAD:${DARK_MODE}`);
  writeFiles(dir, { [DARK_MODE]: TURNED });
  rmSync(path.join(dir, '.git/objects', lost.slice(0, 2), lost.slice(2)));
  assert.ok(readdirSync(dir).includes('flags'));
  const session = start(open, { cwd: dir });
  await session.told(CHECK);
  for (const owner of ['team-a', 'team-b']) {
    writeFiles(dir, { [OTHER]: `owner: ${owner}\nenvironments: {}\n` });
    assert.match((await session.told(CHECK)).join('\n'), `ok: acme/web-app/other: owner`);
  }
  assert.is(session.warnings.length, 1, session.warnings.join('\n'));
  assert.match(session.warnings[0] ?? '', `the change since HEAD is not judged: `);
});

dev.run();
