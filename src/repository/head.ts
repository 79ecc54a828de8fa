import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { damaged, unreadable } from './damage.js';

/** What HEAD says. */
export interface Head {
  /** The branch, without `refs/heads/`; undefined where a commit itself is checked out. */
  readonly branch: string | undefined;
  /** The commit; undefined where the branch has none yet. */
  readonly oid: string | undefined;
}

const OID = /^[0-9a-f]{40}$/;
const BRANCHES = 'refs/heads/';
/** A symbolic ref may name another one; git itself stops here. */
const SYMBOLIC_DEPTH = 5;

/** Reads HEAD: one small file, and the branch's file or `packed-refs`. */
export function readHead(folders: { readonly gitDir: string; readonly commonDir: string }): Head {
  const text = readRefFile(join(folders.gitDir, 'HEAD'), 'HEAD');
  if (text === undefined) throw damaged('HEAD is not there');
  if (OID.test(text)) return { branch: undefined, oid: text };
  const ref = targetOf(text, 'HEAD');
  const branch = ref.startsWith(BRANCHES) ? ref.slice(BRANCHES.length) : undefined;
  return { branch, oid: readRef(folders.commonDir, ref) };
}

/** The commit of a branch, or undefined where there is none of that name. */
export function readBranch(commonDir: string, name: string): string | undefined {
  return readRef(commonDir, BRANCHES + name);
}

/** What is followed: a branch, HEAD where none is named, or whichever of some refs is there. */
export interface FollowedPlace {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly branch: string | undefined;
  /** Full names; instead of a branch. */
  readonly refs?: readonly string[] | undefined;
}

/**
 * The refs that are read on the way to the commit, in that order: the branch's or that of HEAD, and what each of them
 * leads to. It ends where something cannot be read. Never throws.
 */
export function followedRefs({ gitDir, commonDir, branch, refs }: FollowedPlace): readonly string[] {
  if (refs !== undefined) return refs.flatMap((ref) => refsFrom(commonDir, `ref: ${ref}`));
  const first = branch === undefined ? readTextOrNone(join(gitDir, 'HEAD')) : `ref: ${BRANCHES}${branch}`;
  return refsFrom(commonDir, first);
}

function refsFrom(commonDir: string, first: string): readonly string[] {
  const refs: string[] = [];
  for (let ref = symbolicTarget(first); ref !== undefined && refs.length <= SYMBOLIC_DEPTH; ) {
    refs.push(ref);
    ref = symbolicTarget(readTextOrNone(join(commonDir, ref)));
  }
  return refs;
}

function readTextOrNone(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** What a ref names. Loose first, then packed: git writes the packed one before it removes the loose one, so no moment has neither. */
export function readRef(commonDir: string, name: string, depth = 0): string | undefined {
  if (depth > SYMBOLIC_DEPTH) throw damaged(`${name} is a symbolic ref without an end`);
  const text = readRefFile(join(commonDir, name), name);
  if (text === undefined) return readPackedRefs(commonDir).get(name);
  return OID.test(text) ? text : readRef(commonDir, targetOf(text, name), depth + 1);
}

function targetOf(text: string, name: string): string {
  const target = symbolicTarget(text);
  if (target !== undefined) return target;
  throw damaged(text === '' ? `${name} is empty` : `${name} holds neither a commit nor a ref`);
}

function symbolicTarget(text: string): string | undefined {
  const target = /^ref: (refs\/\S+)$/.exec(text)?.[1];
  return target?.split('/').includes('..') ? undefined : target;
}

/** The text without its line end, or undefined where there is no such file. Empty is for the caller to refuse. */
function readRefFile(path: string, name: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A folder of that name, or a file where the name has a folder: the branch is not loose.
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw unreadable(name, error);
  }
}

interface PackedRefs {
  readonly stamp: string;
  readonly refs: ReadonlyMap<string, string>;
}

/** By common folder. Reading a large file at each poll would cost more than all else together. */
const packedRefs = new Map<string, PackedRefs>();

function readPackedRefs(commonDir: string): ReadonlyMap<string, string> {
  const path = join(commonDir, 'packed-refs');
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (stat === undefined) return new Map();
  const stamp = `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
  const known = packedRefs.get(commonDir);
  if (known?.stamp === stamp) return known.refs;
  const refs = parsePackedRefs(readRefFile(path, 'packed-refs') ?? '');
  packedRefs.set(commonDir, { stamp, refs });
  return refs;
}

/** Lines of `<id> <name>`; those that start with `#` or `^` say something else. */
function parsePackedRefs(text: string): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{40}) (\S+)$/.exec(line.trimEnd());
    if (match?.[1] !== undefined && match[2] !== undefined) refs.set(match[2], match[1]);
  }
  return refs;
}
