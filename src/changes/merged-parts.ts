import { parseRead } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { placeOf } from '../files/paths.js';
import { readRecent } from '../files/recent-texts.js';
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
  const read = (text: string): ParsedFile => parseRead(kind, readRecent(text));
  const done = changedParts(path, read(current), read(merged));
  if (done === undefined || done.size === 0) return true;
  const wanted = changedParts(path, read(from), read(to));
  return wanted !== undefined && [...done].every((part) => wanted.has(part));
}

/** The parts of which the meaning differs; undefined where one of the versions cannot be read. */
function changedParts(path: string, before: ParsedFile, after: ParsedFile): ReadonlySet<string> | undefined {
  if (before.value === undefined || after.value === undefined) return undefined;
  const differences = diffFiles([
    { path, before: { blob: 'before', parsed: before }, after: { blob: 'after', parsed: after } },
  ]);
  return new Set(differences.filter(({ part }) => part.kind !== 'layout').map(partIdentity));
}
