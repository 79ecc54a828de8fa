import { RE2JS, RE2JSException } from 're2js';

/** Longer texts match nothing: one request may bring a long text to hundreds of flags, and each must stay quick. */
export const REGEX_TEXT_LIMIT = 4096;

/**
 * Returns a test that passes where the regular expression (RE2 syntax, linear time) matches somewhere in the text. It
 * compiles at the first text, so that loading many flags does not wait for it; one that does not compile never passes.
 */
export function regexTest(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  let compiled: RE2JS | undefined | null = null;
  return (text) => {
    if (compiled === null) compiled = compileRegex(pattern, ignoreCase);
    return compiled !== undefined && text.length <= REGEX_TEXT_LIMIT && compiled.matcher(text).find();
  };
}

/** Returns a sentence that says what is wrong with the regular expression (RE2 syntax), or undefined where it is good. */
export function checkRegex(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return `${quote(pattern)} is no regular expression in RE2 syntax: ${reasonOf(error)}.`;
  }
}

function compileRegex(pattern: string, ignoreCase: boolean): RE2JS | undefined {
  if (checkRegex(pattern) !== undefined) return undefined;
  return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

function reasonOf(error: RE2JSException): string {
  return error.message.replace(/^error parsing regexp: /, '').replaceAll('`', '"');
}

function quote(text: string): string {
  return JSON.stringify(text);
}
