import { RE2JS, RE2JSException } from 're2js';

/** Longer texts match nothing: one request may bring a long text to hundreds of flags, and each must stay quick. */
export const REGEX_TEXT_LIMIT = 4096;

/**
 * Returns a test that passes where the regular expression (RE2 syntax, linear time) matches somewhere in the text. It
 * compiles at the first text, so that loading many flags does not wait for it; one that does not compile never passes.
 */
export function regexTest(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  let compiled: RE2JS | RE2JSException | undefined;
  return (text) => {
    compiled ??= compileRegex(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (compiled instanceof RE2JSException || text.length > REGEX_TEXT_LIMIT) return false;
    return compiled.matcher(text).find();
  };
}

/** The compiled regular expression, or what is wrong with it. */
export function compileRegex(pattern: string, flags: number): RE2JS | RE2JSException {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    if (error instanceof RE2JSException) return error;
    throw error;
  }
}
