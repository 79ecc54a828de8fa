import type { SourceFile } from './loaded.js';

/** Files that are there no more, and those that were not there or were others. */
export interface ChangedFiles {
  readonly gone: readonly SourceFile[];
  readonly fresh: readonly SourceFile[];
}

/**
 * What is different between two lists of an organization's files, in any order. Where most are the same ones in the same
 * order, it takes little more than a look at each.
 */
export function changedFiles(before: readonly SourceFile[], after: readonly SourceFile[]): ChangedFiles {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const old = new Map(before.slice(start, before.length - end).map((file) => [file.path, file]));
  const fresh: SourceFile[] = [];
  for (const file of after.slice(start, after.length - end)) {
    if (!isSame(old.get(file.path), file)) fresh.push(file);
    old.delete(file.path);
  }
  return { gone: [...old.values()], fresh };
}

function isSame(one: SourceFile | undefined, other: SourceFile | undefined): boolean {
  if (one === other) return true;
  return (
    one?.path === other?.path &&
    one?.blob === other?.blob &&
    one?.mode === other?.mode &&
    one?.parsed === other?.parsed
  );
}
