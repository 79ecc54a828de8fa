import type { SegmentFile } from '../model/segment.js';
import type { Segment } from '../model/snapshot.js';
import { compileAll } from './clause.js';
import type { CompiledSegment, Condition } from './compiled.js';
import { compileNames } from './names.js';
import { depthAbove, referencesOfClauses, resolve, type Scope } from './reference.js';

/** Makes a segment: exclude beats include beats when. Without `when` only the included are members; inactive, nobody is. */
export function compileSegment(segment: Segment, scope: Scope): CompiledSegment {
  const uses = resolve(referencesOfSegment(segment.file), scope);
  return {
    key: segment.key,
    segment,
    isMember: compileMembers(segment.file, scope),
    uses,
    depth: depthAbove(uses),
  };
}

/** The segments that a segment asks. An inactive one asks none. */
export function referencesOfSegment(file: SegmentFile): ReturnType<typeof referencesOfClauses> {
  return referencesOfClauses(file.active === false ? undefined : file.when);
}

function compileMembers(file: SegmentFile, scope: Scope): Condition {
  if (file.active === false) return false;
  const members = include(compileNames(file.include), compileWhen(file, scope));
  const isExcluded = compileNames(file.exclude);
  if (isExcluded === undefined || members === false) return members;
  if (members === true) return (context) => !isExcluded(context);
  return (context, now, answered) => !isExcluded(context) && members(context, now, answered);
}

function compileWhen(file: SegmentFile, scope: Scope): Condition {
  return file.when === undefined ? false : compileAll(file.when, scope);
}

function include(isIncluded: ReturnType<typeof compileNames>, when: Condition): Condition {
  if (isIncluded === undefined || when === true) return when;
  if (when === false) return (context) => isIncluded(context);
  return (context, now, answered) => isIncluded(context) || when(context, now, answered);
}
