import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, flagsRepository, run } from './run.js';

const BELOW = ['flags', 'flags/acme', 'flags/acme/web-app', 'flags/acme/web-app/flags'];

for (const below of BELOW) {
  test(`in ${below} every command is about the repository around it, as with git`, async () => {
    const top = flagsRepository();
    const cwd = path.join(top, below);
    for (const words of [['validate'], ['test'], ['list'], ['evaluate', 'dark-mode']]) {
      const expected = await run(words, { cwd: top });
      assert.is(expected.code, 0, words[0]);
      assert.equal(await run(words, { cwd }), expected);
    }
    const { out } = await run(['create', 'new-checkout'], { cwd });
    assert.is(out, 'flags/acme/web-app/flags/new-checkout.yaml');
    assert.match((await run(['list'], { cwd: top })).out, 'new-checkout');
  });
}

test('a token made below the top is signed with the secret of the repository', async () => {
  const { dir } = await createRepository({ 'flags/acme/org.yaml': 'name: Acme\n' });
  const { code } = await run(['token', '--sub', 'marc'], { cwd: path.join(dir, 'flags/acme') });
  assert.is(code, 0);
});

test('the nearest folder counts that has settings, flags or git, and it is the one that is named', async () => {
  for (const mark of ['.flagstaff.yaml', '.git']) {
    const inner = path.join(flagsRepository(), 'inner');
    mkdirSync(path.join(inner, 'deep'), { recursive: true });
    writeFileSync(path.join(inner, mark), '');
    const { code, err } = await run(['validate'], { cwd: path.join(inner, 'deep') });
    assert.is(code, 2);
    assert.match(err, `flagstaff: ${inner} has no folder flags/`);
  }
});

test('a bare repository inside of another one is itself the nearest one, as with git', async () => {
  const outer = await committedRepository();
  const cwd = path.join(outer.dir, 'mirror.git');
  await outer.git('clone', '--quiet', '--bare', '.', cwd);
  await outer.commit({ [DARK_MODE]: 'environments: {}\n' }, 'Not in the mirror');
  for (const below of [cwd, path.join(cwd, 'refs')]) {
    const { code, out } = await run(['log'], { cwd: below });
    assert.is(code, 0);
    assert.not.match(out, 'Not in the mirror');
  }
  const { code, err } = await run(['validate'], { cwd });
  assert.equal(
    [code, err],
    [2, `flagstaff: ${cwd} is bare, so there are no files to read: name a clone with a work tree`],
  );
  const inner = await run(['log'], { cwd: path.join(outer.dir, '.git', 'refs') });
  assert.match(inner.out, 'Not in the mirror');
});

test('a folder that is named is taken as it is: nobody looks above it', async () => {
  const top = flagsRepository();
  const below = path.join(top, 'flags/acme');
  for (const [words, env] of [
    [['validate', '--repo', '.'], {}],
    [['validate'], { FLAGSTAFF_REPO: below }],
  ] as const) {
    const { code, err } = await run(words, { cwd: below, env });
    assert.is(code, 2);
    assert.match(err, `flagstaff: ${below} has no folder flags/`);
  }
});

test('where nothing above is a repository, the current folder is the one that is named', async () => {
  const cwd = temporaryFolder();
  const { code, err } = await run(['list'], { cwd });
  assert.is(code, 2);
  assert.match(err, `flagstaff: ${cwd} has no folder flags/`);
});

test.run();
