import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PAINT, paint } from '../../src/cli/paint.js';
import { shownLine, withShownText } from '../../src/cli/shown.js';
import type { Surroundings, Terminal } from '../../src/cli/surroundings.js';
import { openTerminal } from '../../src/cli/terminal.js';
import { committedRepository, DARK_MODE, run, writeFiles } from './run.js';

const COLOUR = new RegExp(PAINT, 'gu');

/** Prints a line as a command does, on a terminal with or without colours. */
function printed(line: (around: { terminal: Terminal }) => string, hasColors: boolean): string {
  const lines: string[] = [];
  const terminal: Terminal = { hasColors, hasErrorColors: false, showProgress: () => undefined };
  const around = { terminal, print: (text: string) => lines.push(text) } as unknown as Surroundings;
  withShownText(around).print(line(around));
  return lines.join('\n');
}

test('a colour reaches a terminal, and nothing else', () => {
  const line = (around: { terminal: Terminal }) => `${paint('error', 'red', around)} here`;
  assert.is(printed(line, true), '\u001b[31merror\u001b[39m here');
  assert.is(printed(line, false), 'error here');
});

test('what text says is shown and not obeyed, beside colours too', () => {
  const hidden = (around: { terminal: Terminal }) => `${paint('\u001b[2Jgone', 'bold', around)}\u001b[8m`;
  assert.is(printed(hidden, true), '\u001b[1m\\u001b[2Jgone\u001b[22m\\u001b[8m');
  assert.is(
    printed(() => '\u001b[31mred', false),
    '\\u001b[31mred',
  );
});

/** What is written to standard error. */
function progress(
  env: Record<string, string>,
  isTTY: boolean,
  lines: readonly (string | undefined)[],
  columns = 10,
): string {
  const written: string[] = [];
  const stderr = { isTTY, columns, write: (text: string) => written.push(text) };
  const { showProgress } = openTerminal({ env, stdout: { isTTY }, stderr });
  for (const line of lines) showProgress(line);
  return written.join('');
}

test('progress is one line that is replaced, cut to the terminal, and taken away', () => {
  assert.is(
    progress({}, true, [undefined, '12 %', '0123456789', undefined]),
    '\r\u001b[K12 %\r\u001b[K012345678\r\u001b[K',
  );
});

test('progress is whole on a terminal that says it has no columns', () => {
  assert.is(progress({}, true, ['12 % get another answer'], 0), '\r\u001b[K12 % get another answer');
});

test('a line of a report that goes into a file holds no line end and turns no direction', () => {
  assert.is(shownLine('on \u202effo\nforged'), 'on \\u202effo\\u000aforged');
});

test('there is no progress and no colour where nobody looks on, or where they are not wanted', () => {
  assert.is(progress({}, false, ['12 %', undefined]), '');
  assert.is(progress({ TERM: 'dumb' }, true, ['12 %', undefined]), '');
  const outputs = { stdout: { isTTY: true }, stderr: { write: () => undefined } };
  assert.is(openTerminal({ env: {}, ...outputs }).hasColors, true);
  assert.is(openTerminal({ env: { NO_COLOR: '1' }, ...outputs }).hasColors, false);
  assert.is(openTerminal({ env: { TERM: 'dumb' }, ...outputs }).hasColors, false);
});

test('errors have colours where standard error is a terminal, wherever the output goes', () => {
  const stderr = { isTTY: true, write: () => undefined };
  assert.is(openTerminal({ env: {}, stdout: {}, stderr }).hasErrorColors, true);
  assert.is(openTerminal({ env: { NO_COLOR: '1' }, stdout: {}, stderr }).hasErrorColors, false);
  assert.is(openTerminal({ env: { TERM: 'dumb' }, stdout: {}, stderr }).hasErrorColors, false);
  const outputs = { stdout: { isTTY: true }, stderr: { write: () => undefined } };
  assert.is(openTerminal({ env: {}, ...outputs }).hasErrorColors, false);
});

const MORE = {
  'flags/acme/web-app/flags/old.yaml': 'expires: 2020-01-01\nenvironments: {}\n',
  'flags/acme/web-app/flags/broken.yaml': 'environments: 3\n',
  'flags/acme/web-app/tests/dark-mode.yaml':
    '- { name: a wish, environment: production, context: {}, expect: { variant: on } }\n',
};

test('what is wrong, what fails, what differs and what can go stands out on a terminal', async () => {
  const repository = await committedRepository(MORE);
  const { dir: cwd } = repository;
  const painted: Readonly<Record<string, readonly string[]>> = {
    validate: ['\u001b[31merror\u001b[39m', '\u001b[33mwarning\u001b[39m EXPIRED'],
    test: ['\u001b[31mflags/acme/web-app/tests/dark-mode.yaml:1:3: '],
    stale: ['flag old \u001b[33mis stale\u001b[39m'],
  };
  for (const [command, texts] of Object.entries(painted)) {
    const shown = await run([command], { cwd, hasColors: true });
    for (const text of texts) assert.ok(shown.out.includes(text), `${command}: ${shown.out}`);
    const plain = await run([command], { cwd });
    assert.not.match(plain.out, '\u001b', command);
    assert.is(shown.out.replace(COLOUR, ''), plain.out, 'the words are the same');
    if (command === 'stale') continue;
    const { dir } = repository;
    await run([command, '--output', 'report.txt'], { cwd, hasColors: true });
    assert.not.match(readFileSync(path.join(dir, 'report.txt'), 'utf8'), '\u001b');
  }
});

function linesOf(text: string, word: string): readonly string[] {
  return text.split('\n').filter((line) => line.includes(word));
}

test('diff shows headings, what was added and what was removed', async () => {
  const repository = await committedRepository();
  const { dir: cwd } = repository;
  const text = `environments: { production: { enabled: true, rules: [{ id: new, percentage: 5 }], serve: off } }\n`;
  writeFiles(cwd, { [DARK_MODE]: text });
  const { out } = await run(['diff'], { cwd, hasColors: true });
  assert.match(out, '\u001b[1macme/web-app/dark-mode\u001b[22m\n');
  assert.ok(
    linesOf(out, '\u001b[32m').some((line) => line.includes('rule new')),
    out,
  );
  assert.ok(
    linesOf(out, '\u001b[31m').some((line) => line.includes('germans')),
    out,
  );
  assert.is(out.replace(COLOUR, ''), (await run(['diff'], { cwd })).out);
});

test('an error stands out', async () => {
  const { err } = await run(['list', '--repo', '/no/such'], { hasColors: true });
  assert.is(err, '\u001b[31mflagstaff:\u001b[39m /no/such: there is no such folder');
});

test.run();
