import { pathOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { SegmentCreate, SegmentDelete, SegmentUpdate } from './change.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import { refuseTwin, refuseUnknownProject } from './refusals.js';

export function createSegment(
  files: Draft,
  change: SegmentCreate,
  { org }: ApplyOptions,
): readonly SegmentCreate[] {
  const { project, segment: key, file } = change;
  const path = pathOf({ kind: 'segment', org, project, key });
  refuseUnknownProject(files, org, project);
  refuseTwin(files, path, 'segment');
  files.put(path, newText({ kind: 'segment', value: file }, files.base));
  return [change];
}

export function updateSegment(
  files: Draft,
  change: SegmentUpdate,
  { org, now }: ApplyOptions,
): readonly SegmentUpdate[] {
  const { project, segment: key } = change;
  const source = files.readSource(pathOf({ kind: 'segment', org, project, key }));
  if (source === undefined) throw segmentNotFound(change);
  const edits = applyEdits(files, { source, edits: change.edits, now });
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

/** A file that is broken beyond reading can be deleted all the same. */
export function deleteSegment(
  files: Draft,
  change: SegmentDelete,
  { org }: ApplyOptions,
): readonly SegmentDelete[] {
  const { project, segment: key } = change;
  const path = pathOf({ kind: 'segment', org, project, key });
  if (!files.has(path)) throw segmentNotFound(change);
  files.put(path, null);
  return [change];
}

function segmentNotFound({ segment, project }: SegmentUpdate | SegmentDelete): Failure {
  return new Failure('not-found', 'SEGMENT_NOT_FOUND', `there is no segment ${segment} in ${project}`);
}
