import { Failure } from '../../model/failure.js';
import { parseSegmentKey } from '../../model/keys.js';
import type { ProjectSnapshot, Segment } from '../../model/snapshot.js';

/**
 * The segment of this id or key; the id of one comes before the key of another. Throws a `Failure`: `invalid` for what is
 * no id here and can be no key, else `not-found`.
 */
export function findSegmentNamed(project: ProjectSnapshot, text: string): Segment {
  const segment = segmentNamed(project, text);
  if (segment !== undefined) return segment;
  refuseNoSegment(project, text);
  throw new Failure('not-found', 'SEGMENT_NOT_FOUND', `segment ${text}: not found in project ${project.key}`);
}

/** Throws a `Failure` of kind `invalid` for what is no segment's id and can be no key. */
export function refuseNoSegment(project: ProjectSnapshot, text: string): void {
  if (parseSegmentKey(text) !== undefined || segmentNamed(project, text) !== undefined) return;
  throw new Failure('invalid', 'INVALID_KEY', 'the segment: neither an id nor a key');
}

function segmentNamed({ segments }: ProjectSnapshot, text: string): Segment | undefined {
  const key = parseSegmentKey(text);
  return [...segments.values()].find(({ id }) => id === text) ?? (key && segments.get(key));
}
