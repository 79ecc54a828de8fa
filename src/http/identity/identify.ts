import type { IncomingMessage } from 'node:http';
import { Failure } from '../../model/failure.js';
import type { RevokedTokens } from '../../repository/revoked-tokens.js';
import type { AnonymousCaller, Caller, Identify, KeyCaller, PersonCaller } from '../access.js';
import { badCredential } from '../auth.js';
import { isLocalHost, isLoopback } from '../loopback.js';
import type { FailedCredentials } from './failed-credentials.js';
import type { KeyIndex } from './key-index.js';
import { KnownTokens } from './known-tokens.js';
import type { VerifyToken } from './verify-token.js';

/** What callers are known by. */
export interface IdentifyOptions {
  readonly keys: KeyIndex;
  readonly verify: VerifyToken;
  readonly revoked: RevokedTokens;
  readonly failures: FailedCredentials;
  /** The name that the server was told to listen on. */
  readonly host: string;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

const LOCAL: AnonymousCaller = { kind: 'anonymous', isLocal: true };
const REMOTE: AnonymousCaller = { kind: 'anonymous', isLocal: false };
/** Longer ones are not hashed. */
const KEY_MAX_LENGTH = 200;

/** Finds out who asks. What it has seen before it answers at once, so that evaluation waits for no promise. */
export function createIdentify(options: IdentifyOptions): Identify {
  const tokens = new KnownTokens(options.now);
  return (request) => {
    const isLocal = isLoopback(request);
    if (isLocal && !isLocalHost(request.headers.host, options.host)) {
      throw new Failure('misdirected', 'UNKNOWN_HOST', 'this server is not the host that the request names');
    }
    const credential = credentialOf(request);
    if (credential === undefined) return isLocal ? LOCAL : REMOTE;
    const known = findKnown(credential, tokens, options);
    if (known !== undefined) return known;
    return judge({ credential, tokens, options, address: request.socket.remoteAddress ?? '' });
  };
}

/** What was shown, by its form alone. */
type Credential =
  | { readonly kind: 'key' | 'token'; readonly text: string }
  /** What can be neither. */
  | { readonly kind: 'none' };

/** Throws a `Failure` of kind `invalid` where two are shown: nobody could say who of them asks. */
function credentialOf({ headers }: IncomingMessage): Credential | undefined {
  const { authorization, 'x-api-key': key } = headers;
  if (key === undefined) return authorization === undefined ? undefined : readAuthorization(authorization);
  if (authorization !== undefined) {
    throw new Failure(
      'invalid',
      'INVALID_REQUEST',
      'two credentials: send Authorization or X-API-Key, not both',
    );
  }
  return readKey(String(key));
}

function readAuthorization(text: string): Credential {
  const credential = /^Bearer +([\w.-]+)$/i.exec(text)?.[1];
  if (credential === undefined) return { kind: 'none' };
  return credential.startsWith('fs_') ? readKey(credential) : { kind: 'token', text: credential };
}

function readKey(text: string): Credential {
  return text.length <= KEY_MAX_LENGTH ? { kind: 'key', text } : { kind: 'none' };
}

function findKnown(
  credential: Credential,
  tokens: KnownTokens,
  { keys, revoked }: IdentifyOptions,
): KeyCaller | PersonCaller | undefined {
  if (credential.kind === 'key') return keys.find(credential.text);
  if (credential.kind === 'none') return undefined;
  const person = tokens.find(credential.text);
  return person === undefined || revoked.has(person.token.id) ? undefined : person;
}

/** A credential that nobody knows yet. A bad one is counted, and answered 429 where its address has shown too many. */
async function judge({
  credential,
  tokens,
  options: { verify, revoked, failures },
  address,
}: {
  readonly credential: Credential;
  readonly tokens: KnownTokens;
  readonly options: IdentifyOptions;
  readonly address: string;
}): Promise<Caller> {
  try {
    if (credential.kind !== 'token') throw badCredential();
    const person = await verify(credential.text);
    if (revoked.has(person.token.id)) throw badCredential();
    tokens.add(credential.text, person);
    return person;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'unauthenticated') await failures.note(address);
    throw error;
  }
}
