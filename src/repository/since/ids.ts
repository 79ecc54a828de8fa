import { placeOf } from '../../files/paths.js';
import { derivedId, isDerivedId } from '../../model/ids.js';
import { Mentions } from './mentions.js';
import type { TreeVersion, TreeVersions } from './tree-versions.js';

/** The files that may claim an id that a changed file has or had: no two of an organization may have the same. */
export function idMentions(
  versions: TreeVersions,
  paths: readonly string[],
  changed: readonly string[],
): readonly string[] {
  const ids = new Set(changed.flatMap((path) => idsOf(versions, path)));
  if (ids.size === 0) return [];
  const mentions = new Mentions(
    versions.after,
    paths.filter((path) => isOwner(path) && !versions.changed.has(path)),
    [],
  );
  const written = [...ids].flatMap((id) => mentions.of(id));
  const isAnyDerived = changed.some((path) => writtenIds(versions, path).some(isDerivedId));
  const derived = isAnyDerived ? paths.filter((path) => ids.has(derivedAt(path) ?? '')) : [];
  return [...written, ...derived];
}

function idsOf(versions: TreeVersions, path: string): readonly string[] {
  const derived = derivedAt(path);
  return derived === undefined ? [] : [derived, ...writtenIds(versions, path)];
}

function writtenIds({ before, after }: TreeVersions, path: string): readonly string[] {
  return [before, after].flatMap((version) => writtenId(version, path) ?? []);
}

function writtenId(version: TreeVersion, path: string): string | undefined {
  const parsed = version.parse(path);
  const hasId = parsed?.kind === 'flag' || parsed?.kind === 'segment' || parsed?.kind === 'project';
  return hasId ? parsed.value?.id : undefined;
}

function isOwner(path: string): boolean {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && ['flag', 'segment', 'project'].includes(meaning.place.kind);
}

/** The id that the file at a path has where it says none. */
function derivedAt(path: string): string | undefined {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file') return undefined;
  const { place } = meaning;
  if (place.kind === 'project') return derivedId('prj', place.org, place.project);
  if (place.kind === 'flag') return derivedId('flg', place.org, place.project, place.key);
  return place.kind === 'segment' ? derivedId('seg', place.org, place.project, place.key) : undefined;
}
