import type { FileKind, FileValues } from '../../files/parsed.js';
import { placeOf } from '../../files/paths.js';
import { type Uses, usesOfFlag, usesOfSegment } from '../../files/uses.js';
import type { TreeVersion, TreeVersions } from './tree-versions.js';

/** A flag or a segment of a project, with the path of its file. */
export interface Thing {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
  readonly path: string;
}

/** The flag or segment whose file lies at a path. */
export function thingAt(path: string): Thing | undefined {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file') return undefined;
  const { place } = meaning;
  return place.kind === 'flag' || place.kind === 'segment'
    ? { kind: place.kind, key: place.key, path }
    : undefined;
}

/** What the file of a kind says in a version; undefined where it is not there or broken. */
export function valueAt<Kind extends FileKind>(
  version: TreeVersion,
  path: string,
  kind: Kind,
): FileValues[Kind] | undefined {
  const parsed = version.parse(path);
  // A value of that kind, as `kind` says.
  return parsed?.kind === kind ? (parsed.value as FileValues[Kind] | undefined) : undefined;
}

/** What a flag or a segment asks in a version. */
function usesIn(version: TreeVersion, path: string): Uses | undefined {
  const parsed = version.parse(path);
  if (parsed?.kind === 'flag') return parsed.value && usesOfFlag(parsed.value);
  return parsed?.kind === 'segment' && parsed.value !== undefined ? usesOfSegment(parsed.value) : undefined;
}

/** What it asks before or after, as `flag dark-mode` and `segment staff`. */
export function askedBy({ before, after }: TreeVersions, path: string): ReadonlySet<string> {
  return new Set([...asksIn(before, path), ...asksIn(after, path)]);
}

/** What it asks in one version. */
export function asksIn(version: TreeVersion, path: string): readonly string[] {
  const uses = usesIn(version, path);
  if (uses === undefined) return [];
  return [
    ...uses.flags.map(({ key }) => nameOf({ kind: 'flag', key })),
    ...uses.segments.map(({ key }) => nameOf({ kind: 'segment', key })),
  ];
}

/** `flag dark-mode`. */
export function nameOf({ kind, key }: Pick<Thing, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}
