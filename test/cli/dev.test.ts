import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { startServer } from '../../src/server.js';
import { LOADER, programOf } from '../support/program.js';
import { devSuite, start } from './dev-session.js';
import { DARK_MODE, flagsRepository, run, SMALL, writeFiles } from './run.js';

const dev = devSuite('flagstaff dev');

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const OTHER = 'flags/acme/web-app/flags/other.yaml';
const FLAG = SMALL[DARK_MODE];
/** A line of a check, without the time before it: the clock's zone is the machine's. */
const CHECK = /^\d\d:\d\d:\d\d (?:ok|broken): /;

function withoutTime(line: string | undefined): string | undefined {
  return line?.replace(/^\d\d:\d\d:\d\d /, '');
}

dev(
  'says first what there is, then one line for each save, with what changed in a sentence',
  async (open) => {
    const folder = flagsRepository();
    const session = start(open, { cwd: folder });
    assert.equal((await session.told(CHECK)).map(withoutTime), ['ok: 5 files checked; 2 tests passed']);
    writeFiles(folder, { [DARK_MODE]: FLAG.replace('DE', 'AT').replace('Dark', 'Night') });
    await session.told(/^flags.*TEST_FAILED/);
    writeFiles(folder, { [DARK_MODE]: FLAG.replace('serve: off', 'serve: { on: 20, off: 80 }') });
    const repaired = await session.told(/serves 20 %/);
    assert.is(withoutTime(repaired[0]), 'ok: 3 changes; 2 tests passed');
    assert.is(await session.end(), 0);
  },
);

dev('a test that fails is told with its place and both answers, until it passes again', async (open) => {
  const folder = flagsRepository({ [OTHER]: 'environments: {}\n' });
  const session = start(open, { cwd: folder });
  await session.told(CHECK);
  writeFiles(folder, { [DARK_MODE]: FLAG.replace('DE', 'AT') });
  const [headline, place] = await session.told(/^flags/);
  assert.is(
    withoutTime(headline),
    'broken: acme/web-app/dark-mode: production: rule germans: country equals DE → country equals AT; 1 of 2 tests failed',
  );
  assert.match(
    place ?? '',
    new RegExp(`^${TESTS}:1:3: error TEST_FAILED: acme/web-app/dark-mode in production: `),
  );
  assert.match(place ?? '', 'variant: expected "on", got "off"');
  writeFiles(folder, { [OTHER]: 'description: Other\nenvironments: {}\n' });
  const [other] = await session.told(CHECK);
  assert.is(withoutTime(other), 'broken: acme/web-app/other: description added; 1 test still fails');
  writeFiles(folder, { [DARK_MODE]: FLAG });
  assert.match((await session.told(CHECK))[0] ?? '', /ok: .*; 2 tests passed$/);
});

dev('only the tests of what an edit reaches are run', async (open) => {
  const segment = 'flags/acme/web-app/segments/staff.yaml';
  const folder = flagsRepository({
    [segment]: 'include: { users: [u-1] }\n',
    [OTHER]: 'environments:\n  production: { enabled: true, segments: [staff], serve: off }\n',
    'flags/acme/web-app/tests/other.yaml':
      '- { name: a, context: { targetingKey: u-1 }, expect: { variant: on } }\n',
  });
  const session = start(open, { cwd: folder });
  assert.match((await session.told(CHECK))[0] ?? '', '; 3 tests passed');
  writeFiles(folder, { [segment]: 'include: { users: [u-2] }\n' });
  assert.match((await session.told(CHECK))[0] ?? '', '; 1 of 1 test failed');
});

dev(
  'a broken file is told and stops nothing: others are judged, and a repair tells what it changed',
  async (open) => {
    const folder = flagsRepository({ [OTHER]: 'environments: {}\n' });
    const session = start(open, { cwd: folder });
    await session.told(CHECK);
    writeFiles(folder, { [DARK_MODE]: `${FLAG}rules: [\n` });
    const broken = await session.told(/^flags.* error YAML_SYNTAX: /);
    assert.match(broken[0] ?? '', 'broken: acme/web-app/dark-mode: no longer readable; 1 error, 0 warnings');
    writeFiles(folder, { [OTHER]: 'owner: team-web\nenvironments: {}\n' });
    assert.match((await session.told(CHECK))[0] ?? '', /broken: acme\/web-app\/other: .*team-web; 1 error/);
    writeFiles(folder, { [DARK_MODE]: FLAG.replace('Dark theme', 'Night theme') });
    assert.match((await session.told(/description changed/))[0] ?? '', 'ok: 2 changes; 2 tests passed');
  },
);

dev('what editors do while saving is one save: a rename over the file, or times alone', async (open) => {
  const folder = flagsRepository();
  const session = start(open, { cwd: folder });
  await session.told(CHECK);
  const file = path.join(folder, DARK_MODE);
  utimesSync(file, new Date(0), new Date(0));
  writeFileSync(`${file}~`, FLAG.replace('Dark', 'Night'));
  renameSync(`${file}~`, file);
  await session.told(/description changed/);
  rmSync(file);
  await session.told(/UNKNOWN_FLAG/);
  const headlines = session.lines.filter((line) => CHECK.test(line));
  assert.is(headlines.length, 3, session.lines.join('\n'));
});

dev('what stands in .flagstaff.yaml counts as for validate', async (open) => {
  const folder = flagsRepository({ [DARK_MODE]: `expires: 2020-01-01\n${FLAG}` });
  const session = start(open, { cwd: folder });
  assert.match((await session.told(/EXPIRED/)).at(-1) ?? '', 'warning EXPIRED');
  writeFiles(folder, { '.flagstaff.yaml': 'checks: { EXPIRED: error }\n' });
  const [headline] = await session.told(/^flags.*error EXPIRED/);
  assert.match(headline ?? '', 'broken: ');
});

dev('--editor prints all that is wrong after each save, as the task of init reads it', async (open) => {
  const folder = flagsRepository({ [OTHER]: 'environments: { nowhere: { enabled: true } }\n' });
  await run(['init', '--editor'], { cwd: folder });
  const { command, problemMatcher } = readTask(folder);
  assert.is(command, 'flagstaff dev --editor --no-serve');
  const session = start(open, { cwd: folder }, ['--editor']);
  const first = await session.told(CHECK);
  assert.match(first[0] ?? '', new RegExp(problemMatcher.background.beginsPattern));
  assert.match(first.at(-1) ?? '', new RegExp(problemMatcher.background.endsPattern));
  const read = new RegExp(problemMatcher.pattern.regexp).exec(first[1] ?? '') ?? [];
  assert.equal(read.slice(1, 6), [OTHER, '2', '17', 'error', 'UNKNOWN_ENVIRONMENT']);
  writeFiles(folder, { [DARK_MODE]: FLAG.replace('DE', 'AT') });
  const second = await session.told(CHECK);
  assert.equal(
    second.map((line) => /^(?:checking|flags.*? error [A-Z_]+)/.exec(line)?.[0].replace(/^.* /, '')),
    ['checking', 'UNKNOWN_ENVIRONMENT', 'TEST_FAILED', undefined],
  );
});

/** The task that `init` writes for VS Code. */
function readTask(folder: string) {
  const { tasks } = JSON.parse(readFileSync(path.join(folder, '.vscode/tasks.json'), 'utf8'));
  return tasks[0];
}

dev('--json prints a line for each save, which programs can read', async (open) => {
  const folder = flagsRepository();
  const session = start(open, { cwd: folder }, ['--json']);
  const first = JSON.parse((await session.told(/^/))[0] ?? '');
  assert.equal(
    { ...first, problems: first.problems.length },
    {
      ...{ event: 'checked', at: '2026-11-21T12:00:00.000Z', ok: true, files: 5, changes: [], sentences: [] },
      ...{ base: null, problems: 0, tests: { run: 2, failing: 0 }, failures: [] },
    },
  );
  writeFiles(folder, { [DARK_MODE]: FLAG.replace('DE', 'AT') });
  const second = JSON.parse((await session.told(/^/))[0] ?? '');
  assert.equal(second.sentences, ['production: rule germans: country equals DE → country equals AT']);
  assert.equal([second.ok, second.tests, second.failures[0].line], [false, { run: 2, failing: 1 }, 1]);
});

dev('colours only on a terminal', async (open) => {
  const session = start(open, { cwd: flagsRepository(), hasColors: true });
  const [line] = await session.told(/5 files/);
  assert.ok(line?.includes('\u001b[32mok\u001b[39m'), line);
});

dev(
  'a folder without git is judged all the same, and people are told that nothing is served',
  async (open) => {
    const session = start(open, {
      cwd: flagsRepository(),
      startServer: ({ repo, port, host }: ServeOptions) => startServer({ repo, port, host }),
    });
    await session.told(CHECK);
    assert.match(session.warnings[0] ?? '', 'flagstaff: nothing is served, for ');
  },
);

dev('spare files of editors are no change, and nothing is said of them', async (open) => {
  const folder = flagsRepository();
  const session = start(open, { cwd: folder });
  await session.told(CHECK);
  writeFiles(folder, { [`${DARK_MODE}~`]: 'x', [`${path.dirname(DARK_MODE)}/.dark-mode.yaml.swp`]: 'x' });
  writeFiles(folder, { [DARK_MODE]: FLAG.replace('Dark', 'Night') });
  const [line] = await session.told(CHECK);
  assert.match(line ?? '', 'ok: acme/web-app/dark-mode: description changed');
});

dev('a folder without flags is wrong use', async (open) => {
  const folder = flagsRepository();
  rmSync(path.join(folder, 'flags'), { recursive: true });
  assert.is(await start(open, { cwd: folder }).end(), 2);
});

dev('Ctrl-C ends the real program with 0', async () => {
  const words = [...LOADER, programOf('src/cli.ts'), 'dev', '--no-serve'];
  const child = spawn(process.execPath, words, {
    cwd: flagsRepository(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
  assert.match(String(line), CHECK);
  child.kill('SIGINT');
  assert.equal(await ended, [0, null]);
});

dev.run();
