import { parseText } from '../files/parse.js';
import { pathOf } from '../files/paths.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { TestsReplace } from './change.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import { refuseUnknownFlag } from './refusals.js';

/** Cases that stay keep their lines. A file that is broken is written anew: nothing of it is wanted any more. */
export function replaceTests(
  files: Draft,
  change: TestsReplace,
  { org, now }: ApplyOptions,
): readonly TestsReplace[] {
  refuseUnknownFlag(files, org, change);
  const { project, flag: key, tests } = change;
  const path = pathOf({ kind: 'tests', org, project, key });
  const text = files.readIfText(path);
  if (tests.length === 0) {
    if (!files.has(path)) return [];
    files.put(path, null);
    return [change];
  }
  if (text === undefined || parseText('tests', text).value === undefined) {
    files.put(path, newText({ kind: 'tests', value: tests }, files.base));
    return [change];
  }
  const edits = [{ at: [], set: tests as unknown as JsonValue }];
  const source = files.readSource(path);
  return source === undefined || applyEdits(files, { source, edits, now }).length === 0 ? [] : [change];
}
