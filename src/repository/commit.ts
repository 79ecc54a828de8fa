import { damaged } from './damage.js';

/** A commit, as far as Flagstaff reads it. */
export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Who, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970, UTC; within the years 1970 to 9999, whatever the commit says. */
  readonly seconds: number;
}

const HEADER_END = '\n\n';
const SIGNATURE = /^(.*?) ?<([^<>\n]*)>(?: (-?\d+))?/;
/** The last second that RFC 3339 can write: git takes any number. */
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1_000;

/** Reads a commit object. Throws `Failure` REPOSITORY_DAMAGED where it names no tree. */
export function parseCommit(oid: string, bytes: Buffer): Commit {
  const end = bytes.indexOf(HEADER_END);
  const header = end < 0 ? bytes : bytes.subarray(0, end);
  const read = readerOf(header);
  const lines = read(header).split('\n');
  const tree = valuesOf(lines, 'tree ')[0];
  if (tree === undefined) throw damaged(`commit ${oid} names no tree`);
  return {
    oid,
    tree,
    parents: valuesOf(lines, 'parent '),
    author: parseSignature(valuesOf(lines, 'author ')[0]),
    committer: parseSignature(valuesOf(lines, 'committer ')[0]),
    message: end < 0 ? '' : read(bytes.subarray(end + HEADER_END.length)),
  };
}

/** How the bytes are read: as UTF-8, but where the commit names another encoding that is known. */
function readerOf(header: Buffer): (bytes: Buffer) => string {
  const label = /\nencoding (\S+)/.exec(header.toString('latin1'))?.[1];
  if (label === undefined) return readUtf8;
  try {
    const decoder = new TextDecoder(label);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return readUtf8;
  }
}

function readUtf8(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** Continuation lines of signed headers start with a space, so no name can be mistaken for one. */
function valuesOf(lines: readonly string[], name: string): readonly string[] {
  return lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
}

function parseSignature(text: string | undefined): Signature {
  const match = SIGNATURE.exec(text ?? '');
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', seconds: secondsOf(match?.[3] ?? '0') };
}

function secondsOf(digits: string): number {
  return Math.min(Math.max(Number(digits), 0), LAST_SECOND);
}
