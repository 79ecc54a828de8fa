import { Failure } from '../../model/failure.js';
import { parseId, parseSegmentKey } from '../../model/keys.js';
import type { ProjectSnapshot, Segment } from '../../model/snapshot.js';

/**
 * The segment of this id or key; the id of one comes before the key of another. Throws a `Failure`: `invalid` for what can
 * be neither, else `not-found`.
 */
export function findSegmentNamed({ segments, key: project }: ProjectSnapshot, text: string): Segment {
  const key = parseSegmentKey(text);
  if (key === undefined && parseId(text) === undefined) {
    throw new Failure('invalid', 'INVALID_KEY', 'the segment: neither an id nor a key');
  }
  const segment = [...segments.values()].find(({ id }) => id === text) ?? (key && segments.get(key));
  if (segment !== undefined) return segment;
  throw new Failure('not-found', 'SEGMENT_NOT_FOUND', `segment ${text}: not found in project ${project}`);
}
