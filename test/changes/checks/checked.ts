import { type ChecksInput, judgeChecks } from '../../../src/changes/checks/judge-checks.js';
import { locateFindings } from '../../../src/files/locate.js';
import type { ConfigFile } from '../../../src/model/config.js';
import type { Problem } from '../../../src/model/problem.js';
import type { OrgSnapshot } from '../../../src/model/snapshot.js';
import { loadTexts, NOW, type Texts } from '../../files/org-files.js';

/** A change of texts below `flags/acme/`, and what it is judged by. */
interface Checked extends Pick<ChecksInput, 'isWanted' | 'lastChanges'> {
  readonly config?: ConfigFile;
  readonly before?: Texts;
  readonly after: Texts;
}

/** What the checks beyond `load` find, with their lines. */
export function problemsOf({ config = {}, before, after, ...rest }: Checked): readonly Problem[] {
  const sides = before === undefined ? {} : { before: [snapshotOf(before)] };
  const { findings } = judgeChecks({ config, orgs: [snapshotOf(after)], ...sides, ...rest, now: NOW });
  return locateFindings(findings, (path) => after[path.replace('flags/acme/', '')]);
}

/** The same as `path:line severity CODE: sentence`, without `flags/acme/web-app/`. */
export function toldOf(checked: Checked): readonly string[] {
  return problemsOf(checked).map(({ path, line, severity, code, message }) =>
    `${path}:${line} ${severity} ${code}: ${message}`.replace('flags/acme/web-app/', ''),
  );
}

function snapshotOf(texts: Texts): OrgSnapshot {
  const { snapshot, problems } = loadTexts(texts);
  const [error] = problems.filter(({ severity }) => severity === 'error');
  if (snapshot === undefined || error !== undefined) throw new Error(error?.message ?? 'nothing was read');
  return snapshot;
}
