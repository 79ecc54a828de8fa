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

/** Makes the comparison of texts with a version: negative below it, 0 at it, positive above; undefined of no version. */
export function comparisonWith(wanted: SemVer): (text: string) => number | undefined {
  const release = [wanted.major, wanted.minor, wanted.patch];
  const isRelease = wanted.prerelease.length === 0;
  return (text) =>
    (isRelease ? compareRelease(text, release) : undefined) ?? parseVersion(text)?.compare(wanted);
}

/** The quick way for what most versions are, numbers and dots; undefined for all else. */
function compareRelease(text: string, wanted: readonly number[]): number | undefined {
  let order = 0;
  let part = 0;
  let number: number | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT && number !== undefined && part < 2) {
      order ||= number - (wanted[part] ?? 0);
      part += 1;
      number = undefined;
    } else if (code < ZERO || code > NINE || number === 0 || (number ?? 0) > LARGE) {
      return undefined;
    } else {
      number = (number ?? 0) * 10 + code - ZERO;
    }
  }
  if (number === undefined) return undefined;
  order ||= number - (wanted[part] ?? 0);
  return order || (part < 2 ? -Math.max(...wanted.slice(part + 1)) : 0);
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** `semver` judges longer numbers itself. */
const LARGE = 1e12;

/** The range, as npm writes ranges, or undefined where the text is none. */
export function parseRange(text: string): Range | undefined {
  return text.length <= LENGTH_LIMIT ? attempt(() => new Range(text)) : undefined;
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
