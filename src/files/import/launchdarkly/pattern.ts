import { checkRegex } from '../../../evaluation/check.js';
import { Inexact, type Note } from '../draft.js';

/**
 * The expression of a `matches`, where RE2 reads it as each SDK's own engine does. Throws `Inexact` for look-arounds, back
 * references, and what the engines read in several ways.
 */
export function patternOf(
  pattern: string,
  { attribute, note }: { readonly attribute: string; readonly note: Note },
): string {
  const shown = JSON.stringify(pattern.slice(0, 60));
  if (pattern.length > 256) throw new Inexact('matches', `${shown} has more than 256 characters`);
  if (!isExpression(pattern) || DIFFERENT.test(pattern))
    throw new Inexact('matches', `${shown} is not the same expression in RE2, which matches here`);
  const problem = checkRegex(pattern);
  if (problem !== undefined) throw new Inexact('matches', `${shown}: ${problem}`);
  note(
    'assumed',
    'matches',
    `callers have ${attribute} as text of up to 4,096 characters, with no line breaks and no letters outside the basic plane: each SDK matches with its own language's engine there`,
  );
  return pattern;
}

/** Escapes, groups and classes that mean one thing to RE2 and another, or nothing, to other engines. */
const DIFFERENT = /\\[AZzQEpPCacKGXRNukh0]|\\x\{|\(\?(?!:)|\[\^?\]|\[[^\]]*\[[:.=]|[^\x20-\x7e]|\\[sSbB]/;

function isExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
