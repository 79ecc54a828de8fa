import { editSource } from '../files/edit.js';
import { pathOf } from '../files/paths.js';
import { textOf } from '../files/yaml-text.js';
import { valueAt } from './apply-edits.js';
import { refuseRelease } from './apply-flag.js';
import type { ApplyOptions } from './apply-options.js';
import type { FlagCopy } from './change.js';
import type { Draft } from './draft.js';
import { killedIn } from './kill-switch.js';
import { flagNotFound, refuseTwin, refuseUnknownProject } from './refusals.js';

/** What is the one flag's own: who refers to it, and when it was made and changed. */
const OWN_FIELDS = ['id', 'createdAt', 'updatedAt'];

/** Tests that the new flag has already, left over from another one, give way. */
export function copyFlag(files: Draft, change: FlagCopy, { org }: ApplyOptions): readonly FlagCopy[] {
  const { project, flag, to, toProject = project } = change;
  const source = files.readSource(pathOf({ kind: 'flag', org, project, key: flag }));
  if (source === undefined) throw flagNotFound(change);
  const path = pathOf({ kind: 'flag', org, project: toProject, key: to });
  refuseUnknownProject(files, org, toProject);
  refuseTwin(files, path, 'flag');
  refuseRelease(files, { flag: to, path, killed: killedIn(source.value) });
  const own = OWN_FIELDS.filter((field) => valueAt(source.value, [field]) !== undefined);
  const copy = editSource(
    source,
    own.map((field) => ({ at: [field], remove: true })),
  );
  files.put(path, textOf(copy));
  const tests = files.read(pathOf({ kind: 'tests', org, project, key: flag }));
  if (tests !== undefined) files.put(pathOf({ kind: 'tests', org, project: toProject, key: to }), tests);
  return [change];
}
