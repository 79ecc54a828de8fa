import type { CallToolResult } from '@modelcontextprotocol/server';
import type { ExitCode } from '../exit.js';
import type { Surroundings } from '../surroundings.js';

/** Where tools work. */
export interface ToolPlace {
  /** The folder of the flags repository. */
  readonly repo: string;
  readonly around: Surroundings;
  /** Runs a command line. */
  readonly run: (words: readonly string[], around: Surroundings) => Promise<ExitCode>;
}

/** More than this an agent cannot read with profit, in characters; it is told how to ask for less. */
const MOST_TEXT = 100_000;
const CUT = 'The rest is cut off: ask for one organization, project, environment or flag.';

/**
 * Runs a command line and answers what it printed; what it said on standard error comes behind. An error only where the
 * command was used wrongly or broke off: that a check found something is an answer.
 */
export async function answerOf(words: readonly string[], place: ToolPlace): Promise<CallToolResult> {
  const printed: string[] = [];
  const warned: string[] = [];
  const code = await place.run(words, {
    ...place.around,
    print: (text) => printed.push(text),
    printExact: (text) => printed.push(text),
    warn: (text) => warned.push(text),
    terminal: { hasColors: false, showProgress: () => undefined },
    readInput: async () => '',
  });
  const isError = code === 2 || (code !== 0 && printed.length === 0);
  return { ...textAnswer([...printed, ...warned].join('\n')), isError };
}

/** An answer of text, of bounded length. */
export function textAnswer(text: string): CallToolResult {
  const shown = text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}\n${CUT}`;
  return { content: [{ type: 'text', text: shown }] };
}
