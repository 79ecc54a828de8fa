import type { CallToolResult } from '@modelcontextprotocol/server';
import { CommanderError } from 'commander';
import { Failure } from '../../model/failure.js';
import type { JsonValue } from '../../model/values.js';
import { type ExitCode, WrongUse } from '../exit.js';
import { PLAIN } from '../paint.js';
import type { Surroundings } from '../surroundings.js';
import { fitted } from './fit.js';

/** Where tools work. */
export interface ToolPlace {
  /** The folder of the flags repository. */
  readonly repo: string;
  readonly around: Surroundings;
  /** Runs a command line. */
  readonly run: (words: readonly string[], around: Surroundings) => Promise<ExitCode>;
}

/** More than this an agent cannot read with profit, in characters. */
export const MOST_TEXT = 100_000;
/** So much of that is for what a command said on standard error. */
const MOST_WARNINGS = 10_000;

/**
 * Runs a command line that prints JSON, in the folder of the flags, and answers what is told of it; what it said on standard
 * error is an item of its own behind it. An error only where the command was used wrongly or broke off: that a check found
 * something is an answer.
 */
export async function answerOf(
  words: readonly string[],
  { repo, around, run }: ToolPlace,
  select: (answer: JsonValue) => JsonValue,
): Promise<CallToolResult> {
  const printed: string[] = [];
  const warned: string[] = [];
  const code = await run(words, {
    ...around,
    cwd: repo,
    print: (text) => printed.push(text),
    printExact: (text) => printed.push(text),
    warn: (text) => warned.push(text),
    ...PLAIN,
    readInput: async () => '',
  });
  const isError = code === 2 || (code !== 0 && printed.length === 0);
  if (isError || printed.length === 0) return { content: warningsOf([...warned, ...printed]), isError };
  return jsonAnswer(select(JSON.parse(printed.join('\n'))), warned);
}

/** Compact JSON of bounded length: lists are cut behind whole entries, and it says so. A list is told with its length. */
export function jsonAnswer(value: JsonValue, warned: readonly string[] = []): CallToolResult {
  const whole = Array.isArray(value) ? { total: value.length, entries: value } : value;
  const text = JSON.stringify(fitted(whole, MOST_TEXT - MOST_WARNINGS));
  if (text.length > MOST_TEXT) return errorAnswer('the answer is too long: ask for less of it');
  return { content: [{ type: 'text', text }, ...warningsOf(warned)] };
}

/** What agents are told in words; whole lines of it. */
function warningsOf(lines: readonly string[]): CallToolResult['content'] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > MOST_WARNINGS) break;
    kept.push(line);
  }
  const more = lines.length - kept.length;
  const told = more === 0 ? kept : [...kept, `and ${more} more`];
  return told.length === 0 ? [] : [{ type: 'text', text: told.join('\n') }];
}

/** What is refused is told to the agent, which can mend it; bugs are the protocol's errors. */
export async function refusable(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WrongUse || error instanceof CommanderError) return errorAnswer(error.message);
    if (!(error instanceof Failure) || error.kind === 'bug') throw error;
    const { code, message, data } = error;
    const told = { code, message, ...(data.problems && { problems: data.problems }), ...data.details };
    return { ...jsonAnswer({ error: told } as unknown as JsonValue), isError: true };
  }
}

function errorAnswer(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
