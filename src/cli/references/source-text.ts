import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GENERATED_MARK } from '../codegen/typescript.js';
import { isSystemError } from '../exit.js';
import { GUIDE } from '../init/guide.js';

/** A file of code, or why it is not looked into. */
export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'skipped'; readonly why: Skipped };

/** `generated` code has the keys of all flags, whoever uses them. */
export type Skipped = 'binary' | 'generated' | 'too large' | 'unreadable';

/** A larger file is data. Lock files and bundles of more than 1 MiB are common. */
const SIZE_LIMIT = 16 * 1_048_576;
/** A file with a zero byte near its beginning is no text, as git sees it. */
const BINARY_BYTES = 8_000;
/** Where generated files say what they are. */
const MARK_CHARACTERS = 500;
/** What the README of a new flags repository begins with, below its title. */
const [, , GUIDE_MARK = GUIDE] = GUIDE.split('\n');
const MARKS = [GENERATED_MARK, '/schema/v0/flag-manifest.json"', GUIDE_MARK];

/** Reads one file: UTF-8, or UTF-16 with a byte order mark. What is gone meanwhile, or may not be read, is skipped. */
export function readSource(file: string): SourceText {
  try {
    return readOpen(openSync(file, 'r'));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'skipped', why: 'unreadable' };
  }
}

/** A binary file is known by its beginning, however large it is. */
function readOpen(descriptor: number): SourceText {
  try {
    const encoding = encodingOf(readBytes(descriptor, BINARY_BYTES));
    if (encoding === undefined) return { kind: 'skipped', why: 'binary' };
    const { size } = fstatSync(descriptor);
    if (size > SIZE_LIMIT) return { kind: 'skipped', why: 'too large' };
    return sourceOf(new TextDecoder(encoding).decode(readBytes(descriptor, size)));
  } finally {
    closeSync(descriptor);
  }
}

function readBytes(descriptor: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, most, 0));
}

/** Undefined where it is no text. */
function encodingOf(start: Buffer): string | undefined {
  const mark = start.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  return start.includes(0) ? undefined : 'utf-8';
}

function sourceOf(text: string): SourceText {
  const start = text.slice(0, MARK_CHARACTERS);
  const isGenerated = MARKS.some((mark) => start.includes(mark));
  return isGenerated ? { kind: 'skipped', why: 'generated' } : { kind: 'text', text };
}
