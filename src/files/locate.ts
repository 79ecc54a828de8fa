import type { Pointer, Problem } from '../model/problem.js';
import type { Finding } from './parsed.js';
import { pointerOffset } from './pointer.js';
import { readSyntax, type Syntax } from './syntax.js';
import { lineAndColumn } from './text.js';

/** The line and column, from 1, of a place in a document: of the key where a map or list hangs on it, else of the value. */
export function locate(text: string, at: Pointer): { readonly line: number; readonly column: number } {
  return locateIn(text, readSyntax(text), at);
}

/** Findings with their lines; each file's text is asked for once. A file without text (gone, or no file) is at 1:1. */
export function locateFindings(
  findings: readonly Finding[],
  readText: (path: string) => string | undefined,
): Problem[] {
  const documents = new Map<string, { readonly text: string; readonly syntax: Syntax }>();
  return findings.map(({ path, at, ...rest }) => {
    const known = documents.get(path) ?? readDocument(readText(path) ?? '');
    documents.set(path, known);
    return { path, ...locateIn(known.text, known.syntax, at), ...rest };
  });
}

function readDocument(text: string): { readonly text: string; readonly syntax: Syntax } {
  return { text, syntax: readSyntax(text) };
}

function locateIn(
  text: string,
  syntax: Syntax,
  at: Pointer,
): { readonly line: number; readonly column: number } {
  const offset = syntax.kind === 'root' ? pointerOffset(syntax.root, at, 'auto') : 0;
  return lineAndColumn(text, offset);
}
