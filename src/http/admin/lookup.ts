import { fileBroken } from '../../files/edit-refusal.js';
import type { SourceFile } from '../../files/loaded.js';
import { pathOf } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import { parseFlagKey, parseSegmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot, Segment } from '../../model/snapshot.js';
import type { ServedOrg } from '../../repository/served.js';
import type { FlagPlace } from '../flag-place.js';
import { findNumbered, isNumber } from '../numbered.js';
import type { Asked } from '../route.js';
import { orgOf, projectOf } from '../scope.js';

/** A project, with the organization that it is served with. */
export type ProjectPlace = Pick<FlagPlace, 'served' | 'project'>;

/** Where a flag is written. */
export type FlagFilePlace = Pick<Flag, 'key' | 'path' | 'blob'>;

/** The flag that `:flagId` of the path names. Throws what `findFlagIn` does. */
export function flagOf(asked: Asked): Flag {
  return findFlagIn(projectHere(asked), asked.params.flagId ?? '');
}

/** The project of the path, with the organization that it is served with. */
export function projectHere(asked: Asked): ProjectPlace {
  return { served: orgOf(asked), project: projectOf(asked) };
}

/** The segment that `:segmentId` of the path names. Throws what `findSegmentIn` does. */
export function segmentOf(asked: Asked): Segment {
  return findSegmentIn(projectOf(asked), asked.params.segmentId ?? '');
}

/**
 * The flag of this number or key. Throws a `Failure`: `invalid` for what can be neither, FILE_BROKEN with the places where
 * its file is broken and never was good, else `not-found`.
 */
export function findFlagIn(place: ProjectPlace, text: string): Flag {
  const flag = servedFlag(place, text);
  if (flag !== undefined) return flag;
  const path = unservedFile(place, text)?.path;
  const problems = place.served.problems.filter((one) => one.path === path && one.severity === 'error');
  throw problems.length > 0 ? fileBroken(problems) : flagNotFound(place, text);
}

/** The file of a flag as the commit that is served has it. Throws what `findFlagIn` does, but not where the file is broken. */
export function findFlagFile(place: ProjectPlace, text: string): FlagFilePlace {
  const flag = servedFlag(place, text);
  const file = flag ?? unservedFile(place, text);
  if (file === undefined) throw flagNotFound(place, text);
  return { key: file.key, path: file.path, blob: headBlob(place.served, file) };
}

function servedFlag({ project: { flags } }: ProjectPlace, text: string): Flag | undefined {
  if (!isNumber(text) && parseFlagKey(text) === undefined) throw noName('flag');
  return findNumbered(flags, text);
}

/** The file of a flag that never was good, so that nothing knows its number. */
function unservedFile({ served, project }: ProjectPlace, text: string): FlagFilePlace | undefined {
  const key = parseFlagKey(text);
  if (key === undefined || isNumber(text)) return undefined;
  const path = pathOf({ kind: 'flag', org: project.org, project: project.key, key });
  const file = fileAt(served, path);
  return file && { key, path, blob: file.blob };
}

function flagNotFound({ project: { key } }: ProjectPlace, text: string): Failure {
  return new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${text}: not found in project ${key}`);
}

/** The segment of this number or key. Throws a `Failure`: `invalid` for what can be neither, else `not-found`. */
export function findSegmentIn({ segments, key }: ProjectSnapshot, text: string): Segment {
  if (!isNumber(text) && parseSegmentKey(text) === undefined) throw noName('segment');
  const segment = findNumbered(segments, text);
  if (segment !== undefined) return segment;
  throw new Failure('not-found', 'SEGMENT_NOT_FOUND', `segment ${text}: not found in project ${key}`);
}

/**
 * The id of the blob that a write to the file is compared with: the file's own, also where an older version of it is
 * served because this one is broken.
 */
export function headBlob(served: ServedOrg, { path, blob }: Pick<Flag, 'path' | 'blob'>): string {
  return fileAt(served, path)?.blob ?? blob;
}

const byPath = new WeakMap<ServedOrg['files'], ReadonlyMap<string, SourceFile>>();

/** A file of the commit that is served; undefined where it has none of that path. */
export function fileAt({ files }: ServedOrg, path: string): SourceFile | undefined {
  const known = byPath.get(files) ?? new Map(files.map((file) => [file.path, file]));
  byPath.set(files, known);
  return known.get(path);
}

function noName(kind: string): Failure {
  return new Failure('invalid', 'INVALID_KEY', `the ${kind}: neither a number nor a key`);
}
