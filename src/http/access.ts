import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/failure.js';
import { badCredential, type Identity, verifyToken } from './auth.js';
import { isLocalHost, isLoopback } from './loopback.js';

/** What those may do who show no credential, wherever they are: FLAGSTAFF_PUBLIC. */
export type PublicAccess = 'none' | 'read' | 'write';

/** What a route asks of its caller. Every route names one. `credential` is never anonymous, whatever is public. */
export type Permission = 'open' | 'read' | 'write' | 'credential';

/** What access is decided by. */
export interface AccessRules {
  /** Undefined lets the callers on this machine read. */
  readonly publicAccess: PublicAccess | undefined;
  readonly secret: string;
  /** The name that the server was told to listen on. */
  readonly host: string;
}

/** Who asks. */
export type Caller = AnonymousCaller | PersonCaller;

/** Somebody who shows no credential. */
export interface AnonymousCaller {
  readonly kind: 'anonymous';
  /** On this machine, not behind a proxy. */
  readonly isLocal: boolean;
}

/** Somebody with a good token. */
export interface PersonCaller {
  readonly kind: 'person';
  readonly identity: Identity;
}

/** How much of a flag a caller sees: `client` is only flags with `client: true`, and no names of rules, segments or people. */
export type View = 'full' | 'client';

const LOCAL: AnonymousCaller = { kind: 'anonymous', isLocal: true };
const REMOTE: AnonymousCaller = { kind: 'anonymous', isLocal: false };

/**
 * Who asks: at once for those without a credential, later for those with one. Throws or rejects with a `Failure` for a
 * bad credential, even where anybody may read, and for a `Host` that a caller on this machine cannot mean.
 */
export function identify(request: IncomingMessage, rules: AccessRules): Caller | Promise<Caller> {
  const local = isLoopback(request);
  if (local && !isLocalHost(request.headers.host, rules.host)) {
    throw new Failure('misdirected', 'UNKNOWN_HOST', 'this server is not the host that the request names');
  }
  const { authorization } = request.headers;
  if (authorization === undefined && request.headers['x-api-key'] === undefined)
    return local ? LOCAL : REMOTE;
  return identifyBearer(authorization, rules.secret);
}

/** Throws a `Failure` where the caller lacks the permission. */
export function demand(caller: Caller, permission: Permission, publicAccess: PublicAccess | undefined): void {
  if (caller.kind === 'person' || permission === 'open') return;
  const isAllowed =
    permission === 'read'
      ? mayReadUnnamed(caller, publicAccess)
      : permission === 'write' && publicAccess === 'write';
  if (!isAllowed) throw new Failure('unauthenticated', 'UNAUTHORIZED', 'a credential is needed');
}

/** How much the caller sees. Those who may write everything see everything. */
export function viewOf(caller: Caller, publicAccess: PublicAccess | undefined): View {
  if (caller.kind === 'person' || caller.isLocal || publicAccess === 'write') return 'full';
  return 'client';
}

function mayReadUnnamed(caller: AnonymousCaller, publicAccess: PublicAccess | undefined): boolean {
  return publicAccess === undefined ? caller.isLocal : publicAccess !== 'none';
}

async function identifyBearer(authorization: string | undefined, secret: string): Promise<Caller> {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw badCredential();
  return { kind: 'person', identity: await verifyToken(token, secret) };
}
