import type { ProblemCode, Severity } from '../model/problem.js';
import type { FileKind, LocatedProblem } from './parsed.js';
import { mostTelling } from './telling.js';

/** How many bytes a file may have, by kind. */
const SIZE_LIMITS: Readonly<Record<FileKind, number>> = {
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

/** What some editors put before the text. */
export const BYTE_ORDER_MARK = '\uFEFF';
const LFS_POINTER_START = 'version https://git-lfs.github.com/spec/';
const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = [0xef, 0xbf, 0xbd] as const;
/** A byte order mark stays in the text: its author put it there, and a write keeps it. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Turns the bytes of a file into text, where they are UTF-8 and no more than the kind of file may have. */
export function decodeText(kind: FileKind, bytes: Uint8Array): DecodedText {
  const tooLarge = sizeProblem(kind, bytes.length);
  if (tooLarge !== undefined) return { kind: 'problem', problem: tooLarge };
  const text = textOf(bytes);
  if (text === undefined) return invalidUtf8(bytes);
  const pointer = pointerProblem(text);
  return pointer === undefined ? { kind: 'text', text } : { kind: 'problem', problem: pointer };
}

/** What would keep a file of this text from being read as YAML. */
export function textProblem(kind: FileKind, text: string): LocatedProblem | undefined {
  return sizeProblem(kind, Buffer.byteLength(text)) ?? pointerProblem(text);
}

/** A place in a text as people count, both from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns of places in a text, in any order; a byte order mark takes no column. One pass over the text. */
export function linesAndColumns(text: string, offsets: readonly number[]): readonly LineAndColumn[] {
  const found = new Map<number, LineAndColumn>();
  let line = 1;
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let end = text.indexOf('\n');
  for (const offset of [...new Set(offsets)].sort((one, other) => one - other)) {
    for (; end !== -1 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    found.set(offset, { line, column: Math.max(offset - start, 0) + 1 });
  }
  return offsets.map((offset) => found.get(offset) ?? { line: 1, column: 1 });
}

/** Problems by line and column instead of offset, in the order of the text; errors before warnings where there are too many. */
export function locateInText(text: string, problems: readonly TextProblem[]): LocatedProblem[] {
  const told = [...mostTelling(problems)].sort((one, other) => one.offset - other.offset);
  const places = linesAndColumns(
    text,
    told.map(({ offset }) => offset),
  );
  return told.map(({ offset: _offset, ...problem }, index) => ({
    ...(places[index] ?? { line: 1, column: 1 }),
    ...problem,
  }));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * The place of the first byte that is no UTF-8: a lenient decoder puts U+FFFD there. One that was written takes the bytes
 * EF BF BD, so what is left of the bytes behind the text before it begins with them.
 */
function invalidUtf8(bytes: Uint8Array): DecodedText {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const [place = { line: 1, column: 1 }] = linesAndColumns(lenient, [firstReplaced(bytes, lenient)]);
  const message = 'the bytes here are not UTF-8; save the file as UTF-8';
  return { kind: 'problem', problem: { ...place, code: 'INVALID_UTF8', severity: 'error', message } };
}

/** Where in the text the first U+FFFD stands that is not in the bytes. */
function firstReplaced(bytes: Uint8Array, lenient: string): number {
  let offset = 0;
  let byte = 0;
  for (const part of lenient.split(REPLACEMENT)) {
    offset += part.length;
    byte += Buffer.byteLength(part);
    if (!REPLACEMENT_BYTES.every((wanted, index) => bytes[byte + index] === wanted)) return offset;
    offset += REPLACEMENT.length;
    byte += REPLACEMENT_BYTES.length;
  }
  return offset;
}

/** The problem of a file of so many bytes; undefined where its kind may have as many. */
export function sizeProblem(kind: FileKind, bytes: number): LocatedProblem | undefined {
  const limit = SIZE_LIMITS[kind];
  if (bytes <= limit) return undefined;
  return wholeFileProblem('FILE_TOO_LARGE', `the file has ${bytes} bytes; at most ${limit} are read`);
}

function pointerProblem(text: string): LocatedProblem | undefined {
  if (!text.startsWith(LFS_POINTER_START)) return undefined;
  const message = 'the file is a Git LFS pointer; YAML was wanted, so keep it out of LFS';
  return wholeFileProblem('LFS_POINTER', message);
}

function wholeFileProblem(code: ProblemCode, message: string): LocatedProblem {
  return { line: 1, column: 1, code, severity: 'error', message };
}
