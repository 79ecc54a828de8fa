import type { SourceFile } from '../files/loaded.js';
import { placeOf } from '../files/paths.js';
import { type Use, type Uses, usesOfFlag, usesOfSegment } from '../files/uses.js';
import { Failure } from '../model/failure.js';
import type { FlagFile } from '../model/flag.js';
import type { FlagKey, SegmentKey } from '../model/keys.js';
import type { SegmentFile } from '../model/segment.js';
import type { Change, FlagDelete, SegmentDelete } from './change.js';

/** A flag that needs another flag or a segment in an environment, or a segment that asks another one. */
export type User =
  | { readonly flag: FlagKey; readonly environment: string }
  | { readonly segment: SegmentKey };

/**
 * Throws `Failure` FLAG_IN_USE or SEGMENT_IN_USE, with the users, where the files as they would become still need what
 * one of the changes deletes. A user that goes or stops using it in the same set is none.
 */
export function refuseUsed(files: readonly SourceFile[], changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind === 'flag.delete' || change.kind === 'segment.delete') refuseUsers(files, change);
  }
}

/** Who names the flag or segment: in what it requires, attaches or asks in a rule. In order of the files. */
export function usersOf(files: readonly SourceFile[], used: FlagDelete | SegmentDelete): readonly User[] {
  return files.flatMap(({ path, parsed }): readonly User[] => {
    const meaning = placeOf(path);
    if (meaning.kind !== 'file' || parsed === undefined) return [];
    const { place } = meaning;
    if (place.kind === 'flag' && place.project === used.project && parsed.kind === 'flag') {
      return environmentsUsing(parsed.value, used).map((environment) => ({ flag: place.key, environment }));
    }
    if (place.kind !== 'segment' || place.project !== used.project || parsed.kind !== 'segment') return [];
    return isSegmentUsing(parsed.value, used) ? [{ segment: place.key }] : [];
  });
}

function environmentsUsing(file: FlagFile | undefined, used: FlagDelete | SegmentDelete): readonly string[] {
  if (file === undefined) return [];
  return [...new Set(usesOfUsed(usesOfFlag(file), used).map(({ environment }) => environment))];
}

function isSegmentUsing(file: SegmentFile | undefined, used: FlagDelete | SegmentDelete): boolean {
  return file !== undefined && usesOfUsed(usesOfSegment(file), used).length > 0;
}

function usesOfUsed(
  uses: Uses,
  used: FlagDelete | SegmentDelete,
): readonly (Use & { readonly environment: string })[] {
  if (used.kind === 'flag.delete') return uses.flags.filter(({ key }) => key === used.flag);
  return uses.segments.filter(({ key }) => key === used.segment);
}

function refuseUsers(files: readonly SourceFile[], change: FlagDelete | SegmentDelete): void {
  if (isThere(files, change)) return;
  const users = usersOf(files, change);
  if (users.length === 0) return;
  const list = users.map((user) =>
    'flag' in user ? `${user.flag} (${user.environment})` : `segment ${user.segment}`,
  );
  const isFlag = change.kind === 'flag.delete';
  const name = isFlag ? change.flag : `segment ${change.segment}`;
  const sentence = `${name} cannot be deleted: ${list.join(', ')} ${users.length === 1 ? 'needs' : 'need'} it`;
  const code = isFlag ? 'FLAG_IN_USE' : 'SEGMENT_IN_USE';
  throw new Failure('conflict', code, sentence, { data: { details: { users } } });
}

/** A later change of the set may have made it anew. */
function isThere(files: readonly SourceFile[], change: FlagDelete | SegmentDelete): boolean {
  return files.some(({ path }) => {
    const meaning = placeOf(path);
    if (meaning.kind !== 'file') return false;
    const { place } = meaning;
    if (place.kind === 'flag' && change.kind === 'flag.delete') {
      return place.project === change.project && place.key === change.flag;
    }
    if (place.kind !== 'segment' || change.kind !== 'segment.delete') return false;
    return place.project === change.project && place.key === change.segment;
  });
}
