import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { committedRepository } from './run.js';

/** Writes the address of every module that is loaded into the file that `LOADED` names. */
const HOOKS = `import { appendFileSync } from 'node:fs';
export const load = (url, context, next) => {
  appendFileSync(process.env.LOADED, url + '\\n');
  return next(url, context);
};
`;
const GIT = /isomorphic-git|cli\/stale\/ages/;
const FILES = {
  'flags/acme/web-app/flags/it.yaml':
    'environments:\n  development: { enabled: true }\n  production: { enabled: true }\n',
};

async function loadedBy(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder();
  const [hooks, start, list] = ['hooks.mjs', 'start.mjs', 'loaded'].map((name) => join(folder, name));
  assert.ok(hooks && start && list);
  writeFileSync(hooks, HOOKS);
  writeFileSync(
    start,
    "import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n",
  );
  const { dir } = await committedRepository(files);
  const words = ['--import', start, ...LOADER, programOf('src/cli.ts'), 'validate', '--repo', dir];
  await promisify(execFile)(process.execPath, words, { env: { ...process.env, LOADED: list } });
  return readFileSync(list, 'utf8');
}

test('nothing that reads git is loaded where nobody asks how old a flag is', async () => {
  assert.match(await loadedBy(FILES), GIT);
  assert.not.match(await loadedBy({}), GIT, 'no flag is fully on');
  const off = { '.flagstaff.yaml': 'checks: { FULLY_ON: off }\n' };
  assert.not.match(await loadedBy({ ...FILES, ...off }), GIT, 'the check is off');
});

test.run();
