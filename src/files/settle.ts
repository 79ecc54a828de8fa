import type { OrgFile } from '../model/org.js';
import type { ProjectFile } from '../model/project.js';
import type { OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import type { Clashes } from './clashes.js';
import type { Issue } from './issue.js';
import type { Finding } from './parsed.js';
import { judgeApiKeysReferences, judgeOrgReferences } from './references.js';
import { judgeRemovals } from './removals.js';
import type { ProjectScope } from './scope.js';
import type { OrgSources, ProjectSources } from './sources.js';

/** What a file that stands alone settles on: its own value, or the one from before where it is broken. */
export interface Settled<Value> {
  readonly value: Value;
  readonly findings: readonly Finding[];
  /** Its path, where it is broken and was never good. */
  readonly missing: readonly string[];
}

/** The organization's file; empty where there is none or it was never good. */
export function settleOrgFile(sources: OrgSources, previous: OrgSnapshot | undefined): Settled<OrgFile> {
  const source = sources.org;
  if (source === undefined) return { value: {}, findings: [], missing: [] };
  const issues = source.value === undefined ? [] : judgeOrgReferences(source.value, sources);
  const findings = toFindings(source.path, issues);
  if (source.value !== undefined && !issues.some(isError))
    return { value: source.value, findings, missing: [] };
  return { value: previous?.file ?? {}, findings, missing: previous === undefined ? [source.path] : [] };
}

/** The project's file; undefined where it was never good. A project whose other files are there is not deleted. */
export function settleProjectFile(
  sources: ProjectSources,
  previous: ProjectSnapshot | undefined,
  clashes: Clashes,
): Settled<ProjectFile | undefined> {
  const { project } = sources;
  if (project === undefined) return { value: previous?.file, findings: [], missing: [] };
  const removals = project.value === undefined ? [] : judgeRemovals(project.value, sources, previous);
  const issues = [...(clashes.get(project.path) ?? []), ...removals];
  const value = project.value === undefined || issues.some(isError) ? previous?.file : project.value;
  const missing = value === undefined ? [project.path] : [];
  return { value, findings: toFindings(project.path, issues), missing };
}

/** The project's API keys; none where there is no file or it was never good. */
export function settleApiKeys(
  { apiKeys }: ProjectSources,
  previous: ProjectSnapshot | undefined,
  scope: ProjectScope,
): Settled<ProjectSnapshot['apiKeys']> {
  if (apiKeys === undefined) return { value: [], findings: [], missing: [] };
  const issues = apiKeys.value === undefined ? [] : judgeApiKeysReferences(apiKeys.value, scope);
  const findings = toFindings(apiKeys.path, issues);
  if (apiKeys.value !== undefined && !issues.some(isError))
    return { value: apiKeys.value, findings, missing: [] };
  return { value: previous?.apiKeys ?? [], findings, missing: previous === undefined ? [apiKeys.path] : [] };
}

/** Issues of a file as findings. */
export function toFindings(path: string, issues: readonly Issue[]): Finding[] {
  return issues.map(({ at, code, severity, message }) => ({ path, at, code, severity, message }));
}

function isError({ severity }: Issue): boolean {
  return severity === 'error';
}
