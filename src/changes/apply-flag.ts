import { pathOf } from '../files/paths.js';
import type { FlagKey } from '../model/keys.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { FlagCreate, FlagDelete, FlagUpdate } from './change.js';
import { Draft } from './draft.js';
import { killedIn, killedNow } from './kill-switch.js';
import { newText } from './new-text.js';
import { flagKilled, flagNotFound, refuseTwin, refuseUnknownFlag, refuseUnknownProject } from './refusals.js';

export function createFlag(files: Draft, change: FlagCreate, { org }: ApplyOptions): readonly FlagCreate[] {
  const { project, flag: key, file } = change;
  const path = pathOf({ kind: 'flag', org, project, key });
  refuseUnknownProject(files, org, project);
  refuseTwin(files, path, 'flag');
  refuseRelease(files, { flag: key, path, killed: killedIn(file as unknown as JsonValue) });
  files.put(path, newText({ kind: 'flag', value: file }, files.base));
  return [change];
}

/** A flag that is to be made, and where it is killed from the start. */
interface NewFlag {
  readonly flag: FlagKey;
  readonly path: string;
  readonly killed: readonly string[];
}

/** Throws FLAG_KILLED where the set first deletes the flag, which is killed, and the new one would not be. */
export function refuseRelease({ base }: Draft, { flag, path, killed }: NewFlag): void {
  if (!base.paths.has(path)) return;
  const released = killedNow(new Draft(base), path).filter((environment) => !killed.includes(environment));
  if (released.length > 0) throw flagKilled(flag, released);
}

export function updateFlag(
  files: Draft,
  change: FlagUpdate,
  { org, now }: ApplyOptions,
): readonly FlagUpdate[] {
  const { project, flag: key, unlessKilledIn } = change;
  const source = files.readSource(pathOf({ kind: 'flag', org, project, key }));
  if (source === undefined) throw flagNotFound(change);
  // Asked of the text that is edited, so that nobody's kill is undone between reading and writing.
  if (unlessKilledIn !== undefined && killedIn(source.value).includes(unlessKilledIn)) {
    throw flagKilled(key, [unlessKilledIn]);
  }
  const edits = applyEdits(files, { source, edits: change.edits, now });
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

/** A file that is broken beyond reading can be deleted all the same. */
export function deleteFlag(files: Draft, change: FlagDelete, { org }: ApplyOptions): readonly FlagDelete[] {
  refuseUnknownFlag(files, org, change);
  const { project, flag: key } = change;
  for (const kind of ['flag', 'overrides', 'tests'] as const) {
    const path = pathOf({ kind, org, project, key });
    if (files.has(path)) files.put(path, null);
  }
  return [change];
}
