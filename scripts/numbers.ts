import { parseArgs } from 'node:util';

/**
 * The options of a script that takes whole numbers above 0 alone, with what they are where they are left out. For
 * anything else it says how the script is called and ends the process: with 2, and with 0 for `--help`.
 */
export function readNumbers<Name extends string>(
  script: string,
  defaults: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const words = process.argv.slice(2);
  const numbers = parseNumbers(words, defaults);
  if (numbers !== undefined) return numbers;
  console.error(usageOf(script, defaults));
  process.exit(words.includes('--help') ? 0 : 2);
}

/** Undefined where the words are something else. */
export function parseNumbers<Name extends string>(
  words: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> | undefined {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  try {
    const { values } = parseArgs({ args: [...words], options });
    const numbers = names.map((name) => [name, Number(values[name] ?? defaults[name])] as const);
    const areRight = numbers.every(([, number]) => Number.isSafeInteger(number) && number > 0);
    return areRight ? (Object.fromEntries(numbers) as Record<Name, number>) : undefined;
  } catch {
    // An option that is none, or one without its value.
    return undefined;
  }
}

function usageOf(script: string, defaults: Readonly<Record<string, number>>): string {
  const options = Object.entries(defaults).map(([name, number]) => `[--${name} ${number}]`);
  return `usage: npm run ${script} -- ${options.join(' ')}`;
}
