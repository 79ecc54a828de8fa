import type { SourceFile } from '../../files/loaded.js';
import { Failure } from '../../model/failure.js';
import { parseFlagKey, parseSegmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot, Segment } from '../../model/snapshot.js';
import type { ServedOrg } from '../../repository/served.js';
import { findNumbered, isNumber } from '../numbered.js';
import type { Asked } from '../route.js';
import { projectOf } from '../scope.js';

/** The flag that `:flagId` of the path names. Throws what `findFlagIn` does. */
export function flagOf(asked: Asked): Flag {
  return findFlagIn(projectOf(asked), asked.params.flagId ?? '');
}

/** The segment that `:segmentId` of the path names. Throws what `findSegmentIn` does. */
export function segmentOf(asked: Asked): Segment {
  return findSegmentIn(projectOf(asked), asked.params.segmentId ?? '');
}

/**
 * The flag of this number or key. Throws a `Failure`: `invalid` for what can be neither, else `not-found`.
 */
export function findFlagIn({ flags, key }: ProjectSnapshot, text: string): Flag {
  if (!isNumber(text) && parseFlagKey(text) === undefined) throw noName('flag');
  const flag = findNumbered(flags, text);
  if (flag !== undefined) return flag;
  throw new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${text}: not found in project ${key}`);
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
