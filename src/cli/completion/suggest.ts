import type { Argument, Command, Option } from 'commander';

/** A word that may stand where the last one is typed. */
export interface Suggestion {
  readonly value: string;
  /** One sentence; empty for a name that needs none. */
  readonly description: string;
}

/** The names of things in the repository of the typed line, by what an option or argument calls them: `flag`, `org`. */
export type Names = (kind: string) => Promise<readonly string[]>;

/** What may stand in place of the last of the words, which may be empty. Nothing where it is a file or anybody's text. */
export async function suggest(
  program: Command,
  typed: readonly string[],
  names: Names,
): Promise<readonly Suggestion[]> {
  const words = withoutAssignments(typed);
  const current = words.at(-1) ?? '';
  const candidates = await candidatesOf(program, words, names);
  const whole = prefixOf(typed) + current;
  return candidates
    .map((candidate) => ({ ...candidate, value: prefixOf(typed) + candidate.value }))
    .filter(({ value }) => value.startsWith(whole));
}

/** `--org=ac` is an option and its value; bash gives `=` as a word of its own. */
function withoutAssignments(typed: readonly string[]): readonly string[] {
  return typed.flatMap((word, place) => {
    if (word === '=' && isOption(typed[place - 1])) return place === typed.length - 1 ? [''] : [];
    const [, option, value] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    return option === undefined || value === undefined ? [word] : [option, value];
  });
}

/** What stands before the value in the very word that is typed: `--org=`. */
function prefixOf(typed: readonly string[]): string {
  return /^--[a-z-]+=/.exec(typed.at(-1) ?? '')?.[0] ?? '';
}

async function candidatesOf(
  program: Command,
  words: readonly string[],
  names: Names,
): Promise<readonly Suggestion[]> {
  const [first = '', ...rest] = words;
  const current = rest.at(-1) ?? first;
  if (rest.length === 0) return current.startsWith('-') ? optionsOf(program, []) : commandsOf(program);
  if (first === 'help') return rest.length === 1 ? commandsOf(program) : [];
  const command = program.commands.find((one) => one.name() === first);
  if (command === undefined) return [];
  const before = rest.slice(0, -1);
  const asked = optionWithValue(command, before.at(-1));
  if (asked !== undefined) return valuesOf(asked.long ?? '', asked.argChoices, names);
  if (current.startsWith('-')) return optionsOf(command, before);
  const argument = argumentAt(command, before);
  return argument === undefined ? [] : valuesOf(argument.name(), argument.argChoices, names);
}

function commandsOf(program: Command): readonly Suggestion[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.description() }));
}

/** Those that are not given yet. */
function optionsOf(command: Command, given: readonly string[]): readonly Suggestion[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long, short, variadic }) => variadic || !given.some((word) => word === long || word === short))
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
}

function optionWithValue(command: Command, word: string | undefined): Option | undefined {
  if (!isOption(word)) return undefined;
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return option?.required || option?.optional ? option : undefined;
}

function isOption(word: string | undefined): boolean {
  return word?.startsWith('-') === true;
}

/** The argument that the last word is, behind these. */
function argumentAt(command: Command, before: readonly string[]): Argument | undefined {
  const place = before.filter(
    (word, index) => !isOption(word) && optionWithValue(command, before[index - 1]) === undefined,
  ).length;
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[place] ?? (last?.variadic ? last : undefined);
}

async function valuesOf(
  name: string,
  choices: readonly string[] | undefined,
  names: Names,
): Promise<readonly Suggestion[]> {
  const values = choices ?? (await names(name.replace(/^--/, '')));
  return values.map((value) => ({ value, description: '' }));
}
