import { hasSecret, withoutSecrets } from '../redact.js';

/** A longer one is a mistake or an attack, and its beginning says which. */
const MOST_SHOWN = 512;
/** What nearly all paths consist of. */
const PLAIN = /^[\w/.~:-]*$/;
const ADDRESS = /[^/@\s]+@[^/@\s]+/g;
/** What would leave its line, or look like something else in it. */
const UNPRINTABLE = /[^\x21-\x7e]/gu;

/**
 * A URL as logs and traces may show it: the path alone, because queries hold tickets and search texts, without credentials
 * that somebody put there and without e-mail addresses, in printable ASCII.
 */
export function loggedPath(url: string): string {
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  return path.length <= MOST_SHOWN && PLAIN.test(path) && !hasSecret(path) ? path : redacted(path);
}

function redacted(path: string): string {
  const shown = withoutSecrets(decoded(path)).replace(ADDRESS, '[address]');
  const printable = shown.replace(UNPRINTABLE, numbered);
  return printable.length <= MOST_SHOWN ? printable : `${printable.slice(0, MOST_SHOWN)}...`;
}

/** A secret may be written with percent signs too. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return path;
  }
}

/** By its number: half of a pair of surrogates has no encoding. */
function numbered(character: string): string {
  return `%{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
