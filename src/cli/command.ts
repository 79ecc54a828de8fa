import type { Command } from 'commander';
import type { ExitCode } from './exit.js';
import type { Surroundings } from './surroundings.js';

/** What every command is added with. */
export interface CommandPlace {
  readonly program: Command;
  readonly around: Surroundings;
  /** Takes the code to end with; 0 where it is never called. */
  readonly end: (code: ExitCode) => void;
  /** Runs another command line of this program. */
  readonly run: (words: readonly string[], around: Surroundings) => Promise<ExitCode>;
}

/** What the help of a command says. */
interface CommandHelp {
  /** The name and its arguments: `evaluate <flag>`. */
  readonly usage: string;
  readonly summary: string;
  /** Command lines that work, without the program's name. */
  readonly examples: readonly string[];
  /** What `--repo` names, where it is not a repository that is there. */
  readonly repo?: string;
}

const REPO = 'the flags repository (FLAGSTAFF_REPO, else the one around the current folder)';

/** The options that every command has. */
export interface CommonOptions {
  readonly repo?: string;
}

/** Adds a command to the program, with what all commands have. */
export function addCommand(program: Command, help: CommandHelp): Command {
  const examples = help.examples.map((example) => `  $ flagstaff ${example}`);
  return program
    .command(help.usage)
    .description(help.summary)
    .option('--repo <dir>', help.repo ?? REPO)
    .addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
}
