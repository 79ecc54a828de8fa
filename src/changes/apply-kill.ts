import { fileBroken } from '../files/edit-refusal.js';
import { parseText } from '../files/parse.js';
import { pathOf } from '../files/paths.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { FlagKill } from './change.js';
import type { Draft } from './draft.js';
import { killEdits } from './kill-switch.js';
import { flagNotFound, refuseUnknownEnvironment, refuseUnknownFlag } from './refusals.js';

/**
 * Sets or releases the kill switch. Of a file that no version can be made from, the last good version is written back
 * first: the switch must work when all else does not.
 */
export function switchKill(files: Draft, change: FlagKill, { org, now }: ApplyOptions): readonly FlagKill[] {
  const { project, flag: key, environment } = change;
  const path = pathOf({ kind: 'flag', org, project, key });
  refuseUnknownFlag(files, org, change);
  refuseUnknownEnvironment(files, change);
  const isRepaired = writeBackLastGood(files, path);
  const source = files.readSource(path);
  if (source === undefined) throw flagNotFound(change);
  const edits = killEdits(source, environment, change.kind === 'flag.kill');
  return applyEdits(files, { source, edits, now }).length > 0 || isRepaired ? [change] : [];
}

/** True where it did. Throws FILE_BROKEN where the file is broken and no version of it ever was good. */
function writeBackLastGood(files: Draft, path: string): boolean {
  const text = files.readIfText(path);
  const parsed = text === undefined ? undefined : parseText('flag', text);
  if (parsed?.value !== undefined) return false;
  const good = files.readLastGood(path);
  if (good !== undefined) files.put(path, good);
  else if (parsed === undefined) files.read(path);
  else throw fileBroken(parsed.problems.map((problem) => ({ path, ...problem })));
  return good !== undefined;
}
