import { RE2JS, RE2JSException } from 're2js';

/** Longer texts match nothing: one request may bring a long text to hundreds of flags, and each must stay quick. */
export const REGEX_TEXT_LIMIT = 4096;

/**
 * How many instructions a compiled expression may have. `[a-z]{1,100}` has about 200. Matching takes a time that grows
 * with the length of the text and with this number.
 */
const REGEX_SIZE_LIMIT = 1000;
const TOO_LARGE = 'matching it is too much work; fewer or smaller repetitions were wanted';

/**
 * Returns a test that passes where the regular expression (RE2 syntax, linear time) matches somewhere in the text. It
 * compiles at the first text, so that loading many flags does not wait for it; one that does not compile never passes.
 */
export function regexTest(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  let compiled: RE2JS | Error | undefined;
  return (text) => {
    compiled ??= compileRegex(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (compiled instanceof Error || text.length > REGEX_TEXT_LIMIT) return false;
    return compiled.matcher(text).find();
  };
}

/** The compiled regular expression, or what is wrong with it. */
export function compileRegex(pattern: string, flags: number): RE2JS | Error {
  try {
    const compiled = RE2JS.compile(pattern, flags);
    return compiled.programSize() > REGEX_SIZE_LIMIT ? new Error(TOO_LARGE) : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return error;
    throw error;
  }
}
