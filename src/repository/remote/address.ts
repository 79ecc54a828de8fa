import { Failure } from '../../model/failure.js';
import type { RemoteAddress } from './transport.js';

/** `git@git.example.com:acme/flags.git`; without a slash before the colon, as git has it. */
const SHORT_SSH = /^(?:[A-Za-z0-9._~][A-Za-z0-9._~-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?![:/])[^\s@]+$/;
/** Who writes it so has forgotten slashes, or the protocol, and a password may stand where a path does. */
const BROKEN_URL = /^(?:(?:[^/@]*@)?https?:(?!\/\/)|\/\/)/i;
/** Some hosts take a token as the name, beside one of these. */
const NO_PASSWORDS: ReadonlySet<string> = new Set(['', 'x-oauth-basic']);
/** No name of a person or of a program is as long. */
const TOKEN_LENGTH = 20;
/** What could forge a line of a protocol or of a log. */
const CONTROL = /[\p{Cc}\p{Cs}\s]/u;

const WANTED =
  'wanted is https://git.example.com/acme/flags.git, ssh://git@git.example.com/acme/flags.git, git@git.example.com:acme/flags.git, file:///srv/flags.git or a path from the root';

/**
 * Takes the address of a remote apart. Throws `Failure` INVALID_REMOTE for what git would read as something else (an
 * option, a helper program, a path from wherever the server was started); its sentence never has the address in it.
 */
export function parseRemote(text: string): RemoteAddress {
  if (CONTROL.test(text)) throw invalid('has blanks or control characters in it');
  if (BROKEN_URL.test(text)) throw invalid('looks like a URL that lacks a part');
  const url = text.replace(/(?<=[^/:])\/+$/, '');
  if (url.startsWith('/')) return { url, kind: 'file', credentials: undefined };
  if (url.includes('://')) return parseUrl(url);
  if (SHORT_SSH.test(url)) return { url, kind: 'ssh', credentials: undefined };
  throw invalid('is none that can be followed');
}

/** The text without the credentials of the address, in whatever form a program may have repeated them. */
export function withoutCredentials(text: string, { credentials }: RemoteAddress): string {
  if (credentials === undefined) return text;
  const { username, password } = credentials;
  const secrets = [basicToken(credentials), password, encodeURIComponent(password)];
  // A token may stand where the name does; a name beside a password is what a message may need.
  if (NO_PASSWORDS.has(password) || username.length >= TOKEN_LENGTH)
    secrets.push(username, encodeURIComponent(username));
  return secrets.filter((secret) => secret !== '').reduce((left, one) => left.replaceAll(one, '***'), text);
}

/** The header that carries them (RFC 7617). */
export function authorization(credentials: Credentials): string {
  return `Basic ${basicToken(credentials)}`;
}

type Credentials = NonNullable<RemoteAddress['credentials']>;

function basicToken({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

function parseUrl(text: string): RemoteAddress {
  if (!URL.canParse(text)) throw invalid('cannot be read as a URL');
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '') throw invalid('has a query or a fragment');
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return httpAddress(url);
    case 'ssh:':
      return sshAddress(url);
    case 'file:':
      if (url.host !== '') throw invalid('names another machine in a file URL');
      return { url: url.href, kind: 'file', credentials: undefined };
    default:
      throw invalid('has a protocol other than https, http, ssh and file');
  }
}

function httpAddress(url: URL): RemoteAddress {
  const { username, password } = url;
  const shown = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  const hasNone = username === '' && password === '';
  const credentials = hasNone
    ? undefined
    : { username: decoded(username, 'name'), password: decoded(password, 'password') };
  return { url: shown, kind: 'http', credentials };
}

/** The name is no secret there: it says whose key is meant. */
function sshAddress(url: URL): RemoteAddress {
  if (url.password !== '') throw invalid('has a password, which ssh does not take; use a key');
  if (url.hostname.startsWith('-') || url.username.startsWith('-')) throw invalid('looks like an option');
  if (url.hostname === '') throw invalid('names no machine');
  return { url: url.href, kind: 'ssh', credentials: undefined };
}

function decoded(text: string, what: string): string {
  try {
    const plain = decodeURIComponent(text);
    if (!/\p{Cc}/u.test(plain)) return plain;
  } catch {
    // Said below.
  }
  throw invalid(`has a ${what} that is not percent-encoded text`);
}

function invalid(what: string): Failure {
  return new Failure('invalid', 'INVALID_REMOTE', `the address of the remote ${what}; ${WANTED}`);
}
