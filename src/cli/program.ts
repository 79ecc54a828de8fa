import { Command } from 'commander';
import { addBlame } from './blame.js';
import type { CommandPlace } from './command.js';
import { addCreate } from './create.js';
import { addDiff } from './diff.js';
import { addDoctor } from './doctor.js';
import { addEvaluate } from './evaluate.js';
import { type ExitCode, reportError } from './exit.js';
import { addInit } from './init.js';
import { addKill, addUnkill } from './kill.js';
import { addList } from './list.js';
import { addLog } from './log.js';
import { addRevert } from './revert.js';
import { addServe } from './serve.js';
import { withShownText } from './shown.js';
import type { Surroundings } from './surroundings.js';
import { addTest } from './test.js';
import { addToken } from './token.js';
import { addValidate } from './validate.js';
import { readVersion } from './version.js';

/** Runs one command line (without the program's name) and fulfils with the code to end with. Throws only for bugs. */
export async function runCli(words: readonly string[], given: Surroundings): Promise<ExitCode> {
  const around = withShownText(given);
  let code: ExitCode = 0;
  const end = (found: ExitCode): void => {
    code = found;
  };
  try {
    await createProgram(around, end).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, around);
  }
}

function createProgram(around: Surroundings, end: CommandPlace['end']): Command {
  const program = new Command('flagstaff')
    .description('Feature flags as code, served over REST, with git as the only database.')
    .version(readVersion(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => around.print(text.trimEnd()),
      writeErr: (text) => around.warn(text.trimEnd()),
    })
    .exitOverride()
    .showHelpAfterError('(see: flagstaff --help)');
  const place: CommandPlace = { program, around, end };
  addInit(place);
  addServe(place);
  addValidate(place);
  addTest(place);
  addEvaluate(place);
  addList(place);
  addCreate(place);
  addKill(place);
  addUnkill(place);
  addLog(place);
  addBlame(place);
  addDiff(place);
  addRevert(place);
  addToken(place);
  addDoctor(place);
  return program;
}
