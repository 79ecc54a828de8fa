import type { ProblemCode, Severity } from '../model/problem.js';
import type { FileKind, LocatedProblem } from './parsed.js';

/** How many bytes a file may have, by kind. */
export const SIZE_LIMITS: Readonly<Record<FileKind, number>> = {
  config: 64 * 1024,
  org: 1024 * 1024,
  project: 64 * 1024,
  'api-keys': 1024 * 1024,
  flag: 64 * 1024,
  segment: 1024 * 1024,
  overrides: 1024 * 1024,
  tests: 64 * 1024,
};

/** A problem by its place in the text, in UTF-16 units from 0. */
export interface TextProblem {
  readonly offset: number;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
}

/** What the bytes of a file are: text, or a problem instead of it. */
export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: LocatedProblem };

/** How many problems are told of one file; the rest are mostly the same again. */
const PROBLEMS_LIMIT = 100;
/** What some editors put before the text. */
export const BYTE_ORDER_MARK = '\uFEFF';
const LFS_POINTER_START = 'version https://git-lfs.github.com/spec/';
/** A byte order mark stays in the text: its author put it there, and a write keeps it. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Turns the bytes of a file into text, where they are UTF-8 and no more than the kind of file may have. */
export function decodeText(kind: FileKind, bytes: Uint8Array): DecodedText {
  const limit = SIZE_LIMITS[kind];
  if (bytes.length > limit) {
    return refusal('FILE_TOO_LARGE', `the file has ${bytes.length} bytes; at most ${limit} are read`);
  }
  const text = textOf(bytes);
  if (text === undefined) return invalidUtf8(bytes);
  if (text.startsWith(LFS_POINTER_START)) {
    return refusal('LFS_POINTER', 'the file is a Git LFS pointer; YAML was wanted, so keep it out of LFS');
  }
  return { kind: 'text', text };
}

/** Line and column of a place in a text, from 1; a byte order mark takes no column. */
export function lineAndColumn(text: string, offset: number): LineAndColumn {
  return linesOf(text, [offset])[0] ?? { line: 1, column: 1 };
}

/** Problems by line and column instead of offset, in the order of the text; errors before warnings where there are too many. */
export function locateInText(text: string, problems: readonly TextProblem[]): LocatedProblem[] {
  const told = mostTelling(problems).sort((one, other) => one.offset - other.offset);
  const places = linesOf(
    text,
    told.map(({ offset }) => offset),
  );
  return told.map(({ offset: _offset, ...problem }, index) => ({
    ...(places[index] ?? { line: 1, column: 1 }),
    ...problem,
  }));
}

/** A place in a text as people count, both from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

function mostTelling(problems: readonly TextProblem[]): TextProblem[] {
  if (problems.length <= PROBLEMS_LIMIT) return [...problems];
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return [...errors, ...warnings].slice(0, PROBLEMS_LIMIT);
}

/** One pass over the text for offsets in ascending order. */
function linesOf(text: string, offsets: readonly number[]): LineAndColumn[] {
  let line = 1;
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let end = text.indexOf('\n');
  return offsets.map((offset) => {
    for (; end !== -1 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: Math.max(offset - start, 0) + 1 };
  });
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The place of the first byte that is no UTF-8: a lenient decoder puts U+FFFD there, which the strict prefix has not. */
function invalidUtf8(bytes: Uint8Array): DecodedText {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let offset = lenient.indexOf('\uFFFD');
  while (isWrittenOut(bytes, lenient, offset)) offset = lenient.indexOf('\uFFFD', offset + 1);
  const message = 'the bytes here are not UTF-8; save the file as UTF-8';
  const problem = { code: 'INVALID_UTF8', severity: 'error', message } as const;
  return { kind: 'problem', problem: { ...lineAndColumn(lenient, offset), ...problem } };
}

/** True where the text up to the mark, the mark included, is what the bytes say, so that the mark itself was written. */
function isWrittenOut(bytes: Uint8Array, lenient: string, offset: number): boolean {
  const prefix = new TextEncoder().encode(lenient.slice(0, offset + 1));
  return Buffer.compare(prefix, bytes.subarray(0, prefix.length)) === 0;
}

function refusal(code: ProblemCode, message: string): DecodedText {
  return { kind: 'problem', problem: { line: 1, column: 1, code, severity: 'error', message } };
}
