import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
}

/** Clears the screen, and names the window. */
const ORDERS = '\u001b[2J\u009b2K\u001b]0;mine\u0007';
const ODD_FILE = `flags/acme/web-app/flags/odd${ORDERS}\n0000000 forged.yaml`;

const terminal = suite<Place>('the terminal');

terminal.before(async (place) => {
  const repository = await committedRepository({
    [ODD_FILE]: 'environments: {}\n',
    [DARK_MODE]: `owner: "team\\e[2J\\nforged"\r\nenvironments: {}\n`,
  });
  place.repository = repository;
  const author = { GIT_AUTHOR_NAME: `Ada${ORDERS}`, GIT_AUTHOR_EMAIL: 'ada@example.com' };
  await repository.commit({ [ODD_FILE]: null }, `Odd ${ORDERS} words`, author);
});

const COMMANDS: readonly (readonly string[])[] = [
  ['log'],
  ['log', 'dark-mode'],
  ['log', '--json'],
  ['blame', 'dark-mode'],
  ['diff', 'HEAD~1', 'HEAD'],
  ['diff', 'HEAD~1', 'HEAD', '--json'],
  ['revert', 'HEAD', '--dry-run'],
  ['list'],
  ['validate'],
  ['log', `${ORDERS}\nforged`],
  ['diff', `${ORDERS}`],
];

for (const words of COMMANDS) {
  terminal(
    `obeys nothing that is in names and messages: ${words.join(' ').slice(0, 40).trim()}`,
    async (place) => {
      const { out, err } = await run(words, { cwd: place.repository.dir, env: PERSON });
      assert.not.match(`${out}${err}`, /[^\P{Cc}\n]/u);
      if (words[0] !== 'revert') assert.not.match(out, /^(0000000 )?forged/m);
    },
  );
}

terminal('what is hidden is written as JSON writes it', async ({ repository }) => {
  const { out } = await run(['log', '--limit', '1'], { cwd: repository.dir });
  assert.match(out, '    Odd \\u001b[2J\\u009b2K\\u001b]0;mine\\u0007 words\n');
  assert.match(out, 'odd\\u001b[2J\\u009b2K\\u001b]0;mine\\u0007\\u000a0000000 forged.yaml');
  const [entry] = JSON.parse((await run(['log', '--limit', '1', '--json'], { cwd: repository.dir })).out);
  assert.is(entry.subject, `Odd ${ORDERS} words`);
});

terminal('but lines of files are printed as they are, so that git applies them', async ({ repository }) => {
  const program = [process.execPath, ...LOADER, programOf('src/cli.ts')];
  const [node = '', ...words] = [...program, 'diff', 'HEAD~1', '--text'];
  repository.write({ [DARK_MODE]: `owner: \u001b other\r\nenvironments: {}\n`, [ODD_FILE]: null });
  const told = spawnSync(node, [...words, '--repo', repository.dir], {
    cwd: process.cwd(),
    encoding: 'utf8',
  });
  assert.match(told.stdout, '+owner: \u001b other\r\n');
});

terminal.run();
