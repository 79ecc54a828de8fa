import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryAt, temporaryFolder } from '../support/git.js';
import { committedRepository, PERSON, type RunResult, run, writeFiles } from './run.js';

/** What a command line printed, as JSON and nothing else. */
function parsed({ out, err }: RunResult): unknown {
  assert.is(err, '');
  return JSON.parse(out);
}

test('commands that write print the commit as JSON', async () => {
  const repository = await committedRepository();
  const place = { cwd: repository.dir, env: PERSON };
  const kill = ['kill', 'dark-mode', '--reason', 'orders are lost', '--json'];
  const killed = parsed(await run(kill, place));
  const commit = (await repository.git('rev-parse', 'HEAD')).trim();
  const subject = 'acme/web-app: kill dark-mode in production';
  assert.equal(killed, { commit, changed: true, subject });
  assert.equal(parsed(await run(kill, place)), { commit, changed: false, subject });
  const dry = parsed(await run(['revert', commit, '--dry-run', '--json'], place));
  assert.is((dry as { changed: boolean }).changed, true);
  const reverted = parsed(await run(['revert', commit, '--reason', 'they arrive', '--json'], place));
  assert.is((reverted as { changed: boolean }).changed, true);
});

test('create and token print what they made as JSON', async () => {
  const { dir: cwd } = await committedRepository();
  const created = parsed(await run(['create', 'new-menu', '--json'], { cwd }));
  assert.equal(created, {
    path: 'flags/acme/web-app/flags/new-menu.yaml',
    text: 'environments:\n  development: { enabled: false }\n  production: { enabled: false }\n',
  });
  const { token } = parsed(await run(['token', '--sub', 'ci', '--json'], { cwd })) as { token: string };
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('init tells the folder, the files and the commit as JSON, or that there is none', async () => {
  const cwd = temporaryFolder();
  const made = parsed(await run(['init', 'demo', '--json'], { cwd, env: PERSON })) as InitData;
  const git = repositoryAt(path.join(cwd, 'demo'));
  assert.equal([made.folder, made.commit], [git.dir, (await git.git('rev-parse', 'HEAD')).trim()]);
  const committed = (await git.git('ls-files')).trim().split('\n');
  assert.equal([...made.files].sort(), committed.sort());

  const editor = parsed(await run(['init', '--editor', '--json'], { cwd: git.dir })) as InitData;
  assert.equal(editor, { folder: git.dir, files: [], commit: null });
  rmSync(path.join(git.dir, '.vscode', 'settings.json'));
  const again = parsed(await run(['init', '--editor', '--json'], { cwd: git.dir })) as InitData;
  assert.equal(again.files, ['.vscode/settings.json']);
});

interface InitData {
  readonly folder: string;
  readonly files: readonly string[];
  readonly commit: string | null;
}

test('codegen tells what became of the file as JSON', async () => {
  const { dir: cwd } = await committedRepository();
  const words = ['codegen', '--lang', 'ts', '--out', 'flags.ts', '--json'];
  const told = { file: 'flags.ts', flags: 1 };
  assert.equal(parsed(await run(words, { cwd })), { ...told, isCurrent: false, isWritten: true });
  assert.equal(parsed(await run(words, { cwd })), { ...told, isCurrent: true, isWritten: false });
  const check = [...words, '--check'];
  assert.equal(parsed(await run(check, { cwd })), { ...told, isCurrent: true, isWritten: false });
  writeFiles(cwd, { 'flags.ts': 'old' });
  const { code, out } = await run(check, { cwd });
  assert.equal([code, JSON.parse(out)], [1, { ...told, isCurrent: false, isWritten: false }]);
  assert.is((await run(['codegen', '--lang', 'ts', '--json'], { cwd })).code, 2);
});

test('contexts tells as JSON how many files it deleted', async () => {
  const { dir: cwd } = await committedRepository();
  writeFiles(cwd, { '.git/flagstaff/contexts/acme/web-app/production.jsonl': '{"targetingKey":"u-1"}\n' });
  const { code, out } = await run(['contexts', '--delete', '--json'], { cwd });
  assert.equal([code, JSON.parse(out)], [0, { files: 1 }]);
  const none = await run(['contexts', '--delete', '--json'], { cwd });
  assert.equal(JSON.parse(none.out), { files: 0 });
});

test.run();
