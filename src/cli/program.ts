import { Command } from 'commander';
import type { CommandPlace } from './command.js';
import { type ExitCode, reportError } from './exit.js';
import { withShownText } from './shown.js';
import type { Surroundings } from './surroundings.js';
import { readVersion } from './version.js';

/** Adds one command to the program. */
type Add = (place: CommandPlace) => void;

/**
 * Every command, in the order in which the help lists them. What a command needs is loaded when its name is the first
 * word: nobody who validates waits for a server's code.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  init: async () => (await import('./init.js')).addInit,
  serve: async () => (await import('./serve.js')).addServe,
  dev: async () => (await import('./dev.js')).addDev,
  validate: async () => (await import('./validate.js')).addValidate,
  test: async () => (await import('./test.js')).addTest,
  checks: async () => (await import('./checks.js')).addChecks,
  evaluate: async () => (await import('./evaluate.js')).addEvaluate,
  list: async () => (await import('./list.js')).addList,
  create: async () => (await import('./create.js')).addCreate,
  import: async () => (await import('./import.js')).addImport,
  export: async () => (await import('./export.js')).addExport,
  kill: async () => (await import('./kill.js')).addKill,
  unkill: async () => (await import('./kill.js')).addUnkill,
  log: async () => (await import('./log.js')).addLog,
  blame: async () => (await import('./blame.js')).addBlame,
  diff: async () => (await import('./diff.js')).addDiff,
  bisect: async () => (await import('./bisect.js')).addBisect,
  contexts: async () => (await import('./contexts.js')).addContexts,
  impact: async () => (await import('./impact.js')).addImpact,
  revert: async () => (await import('./revert.js')).addRevert,
  codegen: async () => (await import('./codegen.js')).addCodegen,
  references: async () => (await import('./references.js')).addReferences,
  stale: async () => (await import('./stale.js')).addStale,
  token: async () => (await import('./token.js')).addToken,
  mcp: async () => (await import('./mcp.js')).addMcp,
  completion: async () => (await import('./completion.js')).addCompletion,
  complete: async () => (await import('./completion.js')).addComplete,
  doctor: async () => (await import('./doctor.js')).addDoctor,
};

/** Runs one command line (without the program's name) and fulfils with the code to end with. Throws only for bugs. */
export async function runCli(words: readonly string[], given: Surroundings): Promise<ExitCode> {
  const around = withShownText(given);
  if (words.length === 0) {
    around.print(FIRST_STEPS);
    return 0;
  }
  let code: ExitCode = 0;
  const end = (found: ExitCode): void => {
    code = found;
  };
  try {
    const program = createProgram(around);
    const place = { program, around, end, run: runCli };
    for (const name of commandsFor(words)) (await COMMANDS[name]?.())?.(place);
    for (const command of [program, ...program.commands]) pointToHelp(command);
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, around);
  }
}

function createProgram(around: Surroundings): Command {
  return new Command('flagstaff')
    .description('Feature flags as code, served over REST, with git as the only database.')
    .version(readVersion(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => around.print(text.trimEnd()),
      writeErr: (text) => around.warn(text.trimEnd()),
      outputError: (text, write) => write(plainError(text)),
    })
    .exitOverride();
}

/** Below each error of a command line stands where to read how it is to be. */
function pointToHelp(command: Command): void {
  const name = command.parent === null ? '' : ` ${command.name()}`;
  command.showHelpAfterError(`(see: flagstaff${name} --help)`);
}

/** The library calls what stands behind a command a command-argument, and speaks of it as of a value of something else. */
function plainError(text: string): string {
  return text.replace(
    /^error: command-argument value ('.*') is invalid for argument ('[^']*')\./s,
    'error: argument $2 cannot be $1.',
  );
}

/**
 * The commands that a command line needs: the one that is named, and where one is completed that one too. All of them where
 * none is, for the help, to find what was meant, or to complete its name.
 */
export function commandsFor([first = '', ...rest]: readonly string[]): readonly string[] {
  if (first !== 'complete') return Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
  const [typed = '', ...more] = rest[0] === '--' ? rest.slice(1) : rest;
  return more.length > 0 && Object.hasOwn(COMMANDS, typed) ? [first, typed] : Object.keys(COMMANDS);
}

/** What somebody reads who types the program's name alone. */
const FIRST_STEPS = `Feature flags as code, served over REST, with git as the only database.

Start:      flagstaff init demo                   make a flags repository
            flagstaff serve                       serve its flags over REST
Change:     flagstaff create dark-mode            write the file of a new flag
            flagstaff dev                         check, test and serve at each save
            flagstaff validate                    check every file
            flagstaff test                        ask each flag what its tests ask
Look:       flagstaff evaluate dark-mode          what a caller gets, and why (--explain)
            flagstaff diff main..HEAD             what a branch changes, in sentences
            flagstaff impact main..HEAD           who would get another answer, and why
            flagstaff log dark-mode               who changed it, when and why
Emergency:  flagstaff kill dark-mode              stop a flag for everyone, now

All commands: flagstaff --help; one of them: flagstaff <command> --help`;
