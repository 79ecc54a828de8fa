import { parseText } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { placeOf } from '../files/paths.js';
import { partIdentity } from './difference/parts.js';
import { diffFiles } from './difference-files.js';
import type { Merge } from './merge.js';

/**
 * True where the merge changes no more than the change that was merged in: lines that look alike may belong to another
 * rule by now. What is in no file of ours has lines only; in a file that cannot be read nothing is served, and its merge
 * is judged like every text.
 */
export function keepsParts(path: string, { current, from, to }: Merge, merged: string): boolean {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file') return true;
  const { kind } = meaning.place;
  if (merged === current) return true;
  const wanted = changedParts(path, parseText(kind, from), parseText(kind, to));
  // The merged text is read last: it is judged next.
  const done = changedParts(path, parseText(kind, current), parseText(kind, merged));
  return done === undefined || [...done].every((part) => wanted?.has(part));
}

/** The parts of which the meaning differs; undefined where one of the versions cannot be read. */
function changedParts(path: string, before: ParsedFile, after: ParsedFile): ReadonlySet<string> | undefined {
  if (before.value === undefined || after.value === undefined) return undefined;
  const differences = diffFiles([
    { path, before: { blob: 'before', parsed: before }, after: { blob: 'after', parsed: after } },
  ]);
  return new Set(differences.filter(({ part }) => part.kind !== 'layout').map(partIdentity));
}
