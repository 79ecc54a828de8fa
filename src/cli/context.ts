import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EvaluationContext } from '../model/evaluation.js';
import { isSystemError, systemReason, WrongUse } from './exit.js';
import type { Surroundings } from './surroundings.js';

/** Who asks: JSON itself, `@file`, or `-` for standard input; nobody where it is left out. Throws `WrongUse` for all else. */
export async function readContext(
  given: string | undefined,
  around: Surroundings,
): Promise<EvaluationContext> {
  if (given === undefined) return {};
  const text = withoutMark(await contextText(given, around));
  const context = parseJson(text);
  if (typeof context === 'object' && context !== null && !Array.isArray(context)) {
    return context as EvaluationContext;
  }
  throw new WrongUse(
    `--context: wanted a JSON object, @file or -, got ${text.trim().slice(0, 60) || 'nothing'}`,
  );
}

async function contextText(given: string, around: Surroundings): Promise<string> {
  if (given === '-') return around.readInput();
  if (!given.startsWith('@')) return given;
  return fileText(path.resolve(around.cwd, given.slice(1)));
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`--context: cannot read ${file}: ${systemReason(error)}`);
  }
}

/** Editors on Windows begin a file with a byte order mark, which is not JSON. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
