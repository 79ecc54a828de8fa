import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/failure.js';
import type { EnvironmentKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { Identity } from './auth.js';
import type { Permission } from './permissions.js';

/** What those may do who show no credential, wherever they are: FLAGSTAFF_PUBLIC. */
export type PublicAccess = 'none' | 'read' | 'write';

/** What access is decided by. */
export interface AccessRules {
  /** Undefined lets the callers on this machine read. */
  readonly publicAccess: PublicAccess | undefined;
  readonly identify: Identify;
  /** Pages of these origins may ask and write as those of our own do: `https://app.example.com`. */
  readonly origins: ReadonlySet<string>;
}

/**
 * Who asks: at once for those without a credential and for a known one, later for a token that is seen for the first
 * time. Throws or rejects with a `Failure` for a bad credential, even where anybody may read, and for a `Host` that a
 * caller on this machine cannot mean.
 */
export type Identify = (request: IncomingMessage) => Caller | Promise<Caller>;

/** Who asks. */
export type Caller = AnonymousCaller | PersonCaller | KeyCaller;

/** What is known of everybody who asks. */
interface AnyCaller {
  /** How the log names the request that they make; undefined where they are known from another. */
  readonly requestId?: string | undefined;
}

/** Somebody who shows no credential. */
export interface AnonymousCaller extends AnyCaller {
  readonly kind: 'anonymous';
  /** On this machine, not behind a proxy. */
  readonly isLocal: boolean;
}

/** Somebody with a good token. */
export interface PersonCaller extends AnyCaller {
  readonly kind: 'person';
  readonly identity: Identity;
  readonly token: {
    /** What a revocation names: 64 hexadecimal digits. */
    readonly id: string;
    /** From when on it is refused, in epoch milliseconds. */
    readonly expiresAt: number;
  };
}

/** A program with an API key, which chooses the one environment that it may read. */
export interface KeyCaller extends AnyCaller {
  readonly kind: 'key';
  /** A `client` key ships to browsers, so it is no secret. */
  readonly keyKind: 'server' | 'client';
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
  /** The id of its entry in `keys.yaml`. */
  readonly id: string;
}

/** How much of a flag a caller sees: `client` is only flags with `client: true`, and no names of rules, segments or people. */
export type View = 'full' | 'client';

/**
 * Throws a `Failure` where the caller cannot have the permission, whatever it is about: `unauthenticated` where a
 * credential would help, else `forbidden`. What people may do is judged by their roles, once it is known where.
 */
export function demand(caller: Caller, permission: Permission, publicAccess: PublicAccess | undefined): void {
  if (isOpen(permission)) return;
  if (permission.kind === 'super-admin') demandSuperAdmin(caller, SUPER_ADMIN_SENTENCE);
  else if (permission.kind === 'metrics') demandMetrics(caller, publicAccess);
  else if (caller.kind === 'anonymous') demandPublic(caller, permission, publicAccess);
  else if (caller.kind === 'key' && permission.kind !== 'read' && permission.kind !== 'evaluate') {
    throw new Failure('forbidden', 'FORBIDDEN', 'an API key only reads flags, those of its own environment');
  }
}

/** What the operation itself asks for, where it is not open to everybody: a signature, a ticket. */
function isOpen({ kind }: Permission): boolean {
  return kind === 'open' || kind === 'signature' || kind === 'ticket';
}

/** Throws a `Failure` for everybody but super admins. */
export function demandSuperAdmin(caller: Caller, sentence: string): void {
  if (caller.kind === 'anonymous') throw unauthenticated('a credential is needed');
  if (caller.kind === 'person' && caller.identity.isSuperAdmin) return;
  throw new Failure('forbidden', 'FORBIDDEN', sentence);
}

/** The caller of an operation that is for people alone. */
export function personOf(caller: Caller): PersonCaller {
  if (caller.kind === 'person') return caller;
  throw new Error(`a caller of kind ${caller.kind}, where the table of permissions lets only people in`);
}

/** How much the caller sees of flags. Those who may write them see all of them. */
export function viewOf(caller: Caller, publicAccess: PublicAccess | undefined): View {
  if (caller.kind === 'key') return caller.keyKind === 'client' ? 'client' : 'full';
  if (caller.kind === 'person' || caller.isLocal || publicAccess === 'write') return 'full';
  return 'client';
}

/** The words of seed 002. */
const SUPER_ADMIN_SENTENCE = 'Super admin access required';

/** Those who show no credential: what the server makes public. The past, and who made it, only on this machine. */
function demandPublic(
  caller: AnonymousCaller,
  { kind }: Permission,
  publicAccess: PublicAccess | undefined,
): void {
  const mayRead = mayReadUnnamed(caller, publicAccess);
  if ((kind === 'read' || kind === 'evaluate') && mayRead) return;
  if (kind === 'write' && publicAccess === 'write') return;
  if (kind !== 'history' || !mayRead) throw unauthenticated('a credential is needed');
  if (!caller.isLocal) throw unauthenticated('a credential is needed: history is not public');
}

/** Who shows the token of those who collect metrics is not asked. */
function demandMetrics(caller: Caller, publicAccess: PublicAccess | undefined): void {
  const isHere = caller.kind === 'anonymous' && caller.isLocal && mayReadUnnamed(caller, publicAccess);
  if (!isHere) demandSuperAdmin(caller, SUPER_ADMIN_SENTENCE);
}

function mayReadUnnamed(caller: AnonymousCaller, publicAccess: PublicAccess | undefined): boolean {
  return publicAccess === undefined ? caller.isLocal : publicAccess !== 'none';
}

function unauthenticated(sentence: string): Failure {
  return new Failure('unauthenticated', 'UNAUTHORIZED', sentence);
}
