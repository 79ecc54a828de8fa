import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { type CodeFacts, describeCode, TOLD_CODES, type ToldCode } from '../files/checks/codes.js';
import { levelOf } from '../files/checks/levels.js';
import { CONFIG_PATH } from '../files/config.js';
import { parseFile } from '../files/parse.js';
import type { ConfigFile, Level } from '../model/config.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { repositoryFolder } from './folder.js';
import { nearest } from './nearest.js';
import type { Surroundings } from './surroundings.js';
import { alignColumns } from './table.js';

interface Options extends CommonOptions {
  readonly json?: boolean;
}

/** What is told of a code. */
interface Check extends CodeFacts {
  /** The level that holds in this repository. */
  readonly levelHere: Level;
}

/** `flagstaff checks`: what the codes of problems mean, how much each counts here, and what to do about it. */
export function addChecks({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'checks [code]',
    summary: 'say what a code of a problem means and what to do about it; without one, list all of them',
    examples: ['checks', 'checks UNREACHABLE', 'checks --json'],
  })
    .addOption(new Option('--json', 'print JSON'))
    .action((code: string | undefined, options: Options) => {
      const config = readConfig(options, around);
      const found = code === undefined ? TOLD_CODES : [findCode(code)];
      const checks = found.map(
        (known): Check => ({ ...describeCode(known), levelHere: levelOf(config, known) }),
      );
      const [only] = checks;
      if (options.json) around.print(JSON.stringify(code === undefined ? checks : only, undefined, 2));
      else if (code === undefined || only === undefined) printAll(checks, around);
      else printOne(only, around);
    });
}

/** Nothing where there is no repository, or its settings are broken: `validate` tells that. */
function readConfig({ repo }: Options, around: Surroundings): ConfigFile {
  const file = path.join(repositoryFolder(repo, around), CONFIG_PATH);
  return existsSync(file) ? (parseFile('config', readFileSync(file)).value ?? {}) : {};
}

function findCode(text: string): ToldCode {
  const found = TOLD_CODES.find((code) => code === text.toUpperCase());
  if (found !== undefined) return found;
  const near = nearest(text, TOLD_CODES);
  throw new WrongUse(
    `checks: no code is called ${text}${near === undefined ? '' : `; did you mean ${near}?`} (\`flagstaff checks\` lists all)`,
  );
}

function printAll(checks: readonly Check[], around: Surroundings): void {
  const settable = checks.filter(({ isSettable }) => isSettable);
  const failing = checks.filter(isOfTests);
  const fixed = checks.filter((check) => !check.isSettable && !isOfTests(check));
  around.print(`Checks, whose level \`checks\` in ${CONFIG_PATH} may set (here):`);
  for (const line of rowsOf(settable)) around.print(line);
  around.print('\nErrors that make a file unservable:');
  for (const line of rowsOf(fixed)) around.print(line);
  around.print('\nWhat `flagstaff test` tells:');
  for (const line of rowsOf(failing)) around.print(line);
  around.print('\nWhat to do about one of them: flagstaff checks CODE');
}

function rowsOf(checks: readonly Check[]): readonly string[] {
  return alignColumns(checks.map(({ code, levelHere, summary }) => [`  ${code}`, levelHere, summary]));
}

/** It is about an answer: the file is served all the same. */
function isOfTests({ code }: Check): boolean {
  return code === 'TEST_FAILED';
}

function printOne(check: Check, around: Surroundings): void {
  const { code, summary, fix, isSettable, level, levelHere } = check;
  around.print(`${code}: ${summary}`);
  around.print(`fix: ${fix}`);
  if (!isSettable) {
    const why = isOfTests(check) ? '' : ' it makes a file unservable, so';
    around.print(`level: error;${why} no setting lowers it`);
    return;
  }
  around.print(`level: ${levelHere}${levelHere === level ? ', the default' : `; the default is ${level}`}`);
  around.print(`set it in ${CONFIG_PATH}: checks: { ${code}: error }   (off, warning or error)`);
}
