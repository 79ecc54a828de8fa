import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SCRIPTS, type Shell } from '../../../src/cli/completion/scripts.js';
import { temporaryFolder } from '../../support/git.js';

const folder = temporaryFolder();
const ASKED = path.join(folder, 'asked');

/** Stands where the program would be: writes down what it is asked, a word a line, and answers two flags. */
writeFileSync(
  path.join(folder, 'flagstaff'),
  `#!/bin/sh\nprintf '%s\\n' "$@" > '${ASKED}'\nprintf 'dark-mode\\tDark theme\\ndark-side\\n'\n`,
);
chmodSync(path.join(folder, 'flagstaff'), 0o755);

/** What a shell prints that has read the script. */
function ask(shell: Shell, commands: string): string {
  const options =
    shell === 'bash' ? ['--norc', '-c'] : shell === 'zsh' ? ['-f', '-c'] : ['--no-config', '-c'];
  const { stdout, stderr, error } = spawnSync(
    shell,
    [...options, `${SCRIPTS[shell]}\n${commands}\ncat '${ASKED}'`],
    {
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
    },
  );
  assert.is(error, undefined);
  assert.is(stderr, '');
  return stdout;
}

const isThere = (shell: Shell): boolean => spawnSync(shell, ['--version']).error === undefined;

/** The half-typed line that each shell is at the end of: what it holds must be asked as it stands, and never run. */
const LINE: readonly string[] = ['evaluate', '$(touch run)', 'dark'];
const EXPECTED = 'complete\n--\nevaluate\n$(touch run)\ndark\n';

test('bash offers what is answered, and runs nothing of what is typed', () => {
  const line = `COMP_WORDS=(flagstaff ${LINE.map((word) => `'${word}'`).join(' ')} later); COMP_CWORD=3`;
  const printed = ask('bash', `${line}; _flagstaff; printf '%s\\n' "\${COMPREPLY[@]}"`);
  assert.is(printed, `dark-mode\ndark-side\n${EXPECTED}`);
});

if (isThere('zsh')) {
  test('zsh offers what is answered with its description, and runs nothing of what is typed', () => {
    const stubs = `_describe() { print -l -- "\${(@P)2}" }`;
    const line = `words=(flagstaff ${LINE.map((word) => `'${word}'`).join(' ')} later); CURRENT=4`;
    assert.is(
      ask('zsh', `${stubs}; ${line}; _flagstaff`),
      `dark-mode:Dark theme\ndark-side:dark-side\n${EXPECTED}`,
    );
  });
} else console.log('zsh is not installed: its script is not tried');

if (isThere('fish')) {
  test('fish offers what is answered with its description', () => {
    const printed = ask('fish', `complete -C 'flagstaff evaluate dark'`);
    assert.is(printed, 'dark-mode\tDark theme\ndark-side\ncomplete\n--\nevaluate\ndark\n');
  });
} else console.log('fish is not installed: its script is not tried');

test.run();
