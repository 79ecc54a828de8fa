import type { SourceFile } from '../files/loaded.js';
import { placeOf } from '../files/paths.js';
import { type Use, usesOfFlag, usesOfSegment } from '../files/uses.js';
import { Failure } from '../model/failure.js';
import type { FlagKey, SegmentKey } from '../model/keys.js';
import type { Change, FlagDelete, SegmentDelete } from './change.js';

/** A flag that needs another flag or a segment in an environment, or a segment that asks another one. */
type User = { readonly flag: FlagKey; readonly environment: string } | { readonly segment: SegmentKey };

type Deletion = FlagDelete | SegmentDelete;

/**
 * Throws `Failure` FLAG_IN_USE or SEGMENT_IN_USE, with the users in order of the files, where the files as they would
 * become still need what one of the changes deletes. A user that goes or stops using it in the same set is none. The
 * files are gone through once for all deletions.
 */
export function refuseUsed(files: readonly SourceFile[], changes: readonly Change[]): void {
  const deletions = changes.filter(isDeletion);
  if (deletions.length === 0) return;
  const users = usersOf(files, new Set(deletions.map(nameOfDeleted)));
  for (const deletion of deletions) {
    const own = users.get(nameOfDeleted(deletion));
    if (own !== undefined) throw inUse(deletion, [...own.values()]);
  }
}

function isDeletion(change: Change): change is Deletion {
  return change.kind === 'flag.delete' || change.kind === 'segment.delete';
}

/** Users by a text of their own, so that each is there once. */
type Users = Map<string, User>;

/** Who needs what is wanted. What is still there, since a later change of the set has made it anew, is left out. */
function usersOf(files: readonly SourceFile[], wanted: ReadonlySet<string>): ReadonlyMap<string, Users> {
  const found = new Map<string, Users>();
  const there: string[] = [];
  for (const file of files) {
    const meaning = placeOf(file.path);
    if (meaning.kind !== 'file') continue;
    const { place } = meaning;
    if (place.kind !== 'flag' && place.kind !== 'segment') continue;
    there.push(nameOf(place.kind, place.project, place.key));
    for (const { kind, key, user } of needsOf(file, place.key)) {
      const name = nameOf(kind, place.project, key);
      if (wanted.has(name)) found.set(name, (found.get(name) ?? new Map()).set(JSON.stringify(user), user));
    }
  }
  for (const name of there) found.delete(name);
  return found;
}

interface Need {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
  readonly user: User;
}

/** What a file requires, attaches or asks in a rule. */
function needsOf({ parsed }: SourceFile, key: FlagKey | SegmentKey): readonly Need[] {
  if (parsed?.kind === 'flag' && parsed.value !== undefined) {
    const { flags, segments } = usesOfFlag(parsed.value);
    const userIn = ({ environment }: Use & { readonly environment: string }): User => {
      return { flag: key as FlagKey, environment };
    };
    return [
      ...flags.map((use) => ({ kind: 'flag' as const, key: use.key, user: userIn(use) })),
      ...segments.map((use) => ({ kind: 'segment' as const, key: use.key, user: userIn(use) })),
    ];
  }
  if (parsed?.kind !== 'segment' || parsed.value === undefined) return [];
  const user: User = { segment: key as SegmentKey };
  return usesOfSegment(parsed.value).segments.map((use) => ({ kind: 'segment', key: use.key, user }));
}

function nameOfDeleted(deletion: Deletion): string {
  const { project } = deletion;
  return deletion.kind === 'flag.delete'
    ? nameOf('flag', project, deletion.flag)
    : nameOf('segment', project, deletion.segment);
}

function nameOf(kind: 'flag' | 'segment', project: string, key: string): string {
  return `${kind} ${project}/${key}`;
}

function inUse(deletion: Deletion, users: readonly User[]): Failure {
  const list = users.map((user) =>
    'flag' in user ? `${user.flag} (${user.environment})` : `segment ${user.segment}`,
  );
  const isFlag = deletion.kind === 'flag.delete';
  const name = isFlag ? deletion.flag : `segment ${deletion.segment}`;
  const sentence = `${name} cannot be deleted: ${list.join(', ')} ${users.length === 1 ? 'needs' : 'need'} it`;
  const code = isFlag ? 'FLAG_IN_USE' : 'SEGMENT_IN_USE';
  return new Failure('conflict', code, sentence, { data: { details: { users } } });
}
