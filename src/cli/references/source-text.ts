import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GENERATED_MARK } from '../codegen/typescript.js';
import { isSystemError } from '../exit.js';

/** A file of code, or why it is not looked into. */
export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'skipped'; readonly why: Skipped };

/** `generated` code has the keys of all flags, whoever uses them. */
export type Skipped = 'binary' | 'generated' | 'too large' | 'unreadable';

/** Nobody writes more than this by hand into one file. */
const SIZE_LIMIT = 1_048_576;
/** A file with a zero byte near its beginning is no text, as git sees it. */
const BINARY_BYTES = 8_000;
/** Where generated files say what they are. */
const MARK_CHARACTERS = 500;
const MARKS = [GENERATED_MARK, '/schema/v0/flag-manifest.json"'];

/** Reads one file. What is gone meanwhile, or may not be read, is skipped. */
export function readSource(file: string): SourceText {
  try {
    const bytes = readBytes(file);
    return bytes === undefined ? { kind: 'skipped', why: 'too large' } : sourceOf(bytes);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'skipped', why: 'unreadable' };
  }
}

function readBytes(file: string): Buffer | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size > SIZE_LIMIT) return undefined;
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

function sourceOf(bytes: Buffer): SourceText {
  if (bytes.subarray(0, BINARY_BYTES).includes(0)) return { kind: 'skipped', why: 'binary' };
  const text = bytes.toString('utf8');
  const start = text.slice(0, MARK_CHARACTERS);
  const isGenerated = MARKS.some((mark) => start.includes(mark));
  return isGenerated ? { kind: 'skipped', why: 'generated' } : { kind: 'text', text };
}
