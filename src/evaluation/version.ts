import { Range, SemVer } from 'semver';

const PARTS = /^[vV]?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/;
const LENGTH_LIMIT = 256;

/** The semantic version that the text means: `2.4` is 2.4.0 and a leading v is skipped. Undefined where it means none. */
export function parseVersion(text: string): SemVer | undefined {
  const parts = text.length <= LENGTH_LIMIT ? PARTS.exec(text) : null;
  if (parts === null) return undefined;
  const [, major, minor = '0', patch = '0', rest = ''] = parts;
  return attempt(() => new SemVer(`${major}.${minor}.${patch}${rest}`));
}

/** The range, as npm writes ranges, or undefined where the text is none. */
export function parseRange(text: string): Range | undefined {
  return text.length <= LENGTH_LIMIT ? attempt(() => new Range(text)) : undefined;
}

/** Returns a sentence that says what is wrong with the semantic version, or undefined where it is good. */
export function checkVersion(text: string): string | undefined {
  if (parseVersion(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no semantic version, such as "2.4.0".`;
}

/** Returns a sentence that says what is wrong with the range of semantic versions, or undefined where it is good. */
export function checkRange(text: string): string | undefined {
  if (parseRange(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no range of semantic versions, such as ">=2.4.0 <3".`;
}

/** `semver` says "not one" by a TypeError. */
function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
