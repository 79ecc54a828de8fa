import { type Command, Option } from 'commander';

/** How findings are printed: lines for people, JSON for programs, annotations for GitHub's pull requests. */
export type Format = 'text' | 'json' | 'github';

const FORMATS: readonly Format[] = ['text', 'json', 'github'];

/** Adds the option `--format` to a command. */
export function addFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'how to print what is found').choices(FORMATS).default('text'),
  );
}

/** `1 error`, `2 errors`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
