import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { paint } from '../../src/cli/paint.js';
import { withShownText } from '../../src/cli/shown.js';
import type { Surroundings, Terminal } from '../../src/cli/surroundings.js';
import { openTerminal } from '../../src/cli/terminal.js';

/** Prints a line as a command does, on a terminal with or without colours. */
function printed(line: (around: { terminal: Terminal }) => string, hasColors: boolean): string {
  const lines: string[] = [];
  const terminal: Terminal = { hasColors, showProgress: () => undefined };
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
): string {
  const written: string[] = [];
  const stderr = { isTTY, columns: 10, write: (text: string) => written.push(text) };
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

test('there is no progress and no colour where nobody looks on, or where they are not wanted', () => {
  assert.is(progress({}, false, ['12 %', undefined]), '');
  assert.is(progress({ TERM: 'dumb' }, true, ['12 %', undefined]), '');
  const outputs = { stdout: { isTTY: true }, stderr: { write: () => undefined } };
  assert.is(openTerminal({ env: {}, ...outputs }).hasColors, true);
  assert.is(openTerminal({ env: { NO_COLOR: '1' }, ...outputs }).hasColors, false);
  assert.is(openTerminal({ env: { TERM: 'dumb' }, ...outputs }).hasColors, false);
});

test.run();
