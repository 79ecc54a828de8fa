import { Argument } from 'commander';
import type { CommandPlace } from './command.js';
import { readNames } from './completion/names.js';
import { SCRIPTS, type Shell } from './completion/scripts.js';
import { suggest } from './completion/suggest.js';

const EXAMPLES = `
Examples:
  $ flagstaff completion bash >> ~/.bashrc
  $ flagstaff completion zsh >> ~/.zshrc
  $ flagstaff completion fish > ~/.config/fish/completions/flagstaff.fish`;

/** `flagstaff completion`: the lines of shell that make Tab complete its commands, options, and names of flags. */
export function addCompletion({ program, around }: CommandPlace): void {
  program
    .command('completion')
    .description('print what makes a shell complete commands, options and the names of flags')
    .addHelpText('after', EXAMPLES)
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => around.print(SCRIPTS[shell]));
}

/**
 * `flagstaff complete -- WORDS`, which the shells ask: a line for each word that may stand where the last one is, with a
 * tab and a description behind it. Nothing where only a file could stand there. It never fails: nobody could read why.
 */
export function addComplete({ program, around }: CommandPlace): void {
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const names = readNames(words, around);
      for (const { value, description } of await suggest(program, words, names)) {
        around.print(description === '' ? value : `${value}\t${description}`);
      }
    });
}
