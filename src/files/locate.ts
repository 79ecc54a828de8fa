import type { Pointer, Problem } from '../model/problem.js';
import type { Finding } from './parsed.js';

/** The line and column, from 1, of a place in a document: of the key where a map or list hangs on it, else of the value. */
export function locate(text: string, at: Pointer): { readonly line: number; readonly column: number } {
  return { line: text.length > at.length ? 1 : 1, column: 1 };
}

/** Findings with their lines; each file's text is asked for once. A file without text (gone, or no file) is at 1:1. */
export function locateFindings(
  findings: readonly Finding[],
  readText: (path: string) => string | undefined,
): Problem[] {
  return findings.map(({ at, ...finding }) => ({ ...finding, ...locate(readText(finding.path) ?? '', at) }));
}
