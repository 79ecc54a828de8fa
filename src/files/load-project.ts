import { derivedId } from '../model/ids.js';
import type { EnvironmentKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { defaultEnvironment, environmentKeys, type ProjectFile } from '../model/project.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { type Clashes, caseClashes } from './clashes.js';
import { judgeProjectFiles, type ProjectVerdict } from './judge-project.js';
import { type Making, makeFlags, makeSegments } from './make-flags.js';
import { dayOf } from './overdue.js';
import type { Finding } from './parsed.js';
import { pathOf } from './paths.js';
import type { SourcesChange } from './reach.js';
import { projectScope } from './scope.js';
import { settleApiKeys, settleProjectFile } from './settle.js';
import type { ProjectSources } from './sources.js';

/** What a project is loaded from. */
export interface ProjectInput {
  readonly org: OrgKey;
  readonly key: ProjectKey;
  readonly sources: ProjectSources;
  readonly previous: ProjectSnapshot | undefined;
  /** Ids that other files of the organization have. */
  readonly idClashes: Clashes;
  readonly now: number;
  /** How `previous` was loaded, where that is known: what is the same is taken from there. */
  readonly before: LoadedBefore | undefined;
}

/** A project as it was loaded before, and what is other now. */
interface LoadedBefore {
  readonly loaded: LoadedProject;
  readonly change: SourcesChange;
}

/** A project, loaded. */
export interface LoadedProject {
  /** Undefined where its `project.yaml` was never good. */
  readonly snapshot: ProjectSnapshot | undefined;
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly missing: readonly string[];
  /** What the next load may go on from. */
  readonly kept: KeptProject;
}

interface KeptProject extends Pick<ProjectVerdict, 'broken' | 'judged'> {
  readonly sources: ProjectSources;
  readonly idClashes: Clashes;
  readonly clashes: Clashes;
}

/** Judges a project's files and makes its snapshot; what is broken keeps its version from before. */
export function* loadProject(input: ProjectInput): Generator<void, LoadedProject> {
  const { org, key, sources, previous, idClashes, now, before } = input;
  if (before !== undefined && isStill(before.loaded, input)) return before.loaded;
  const since = before && { ...before.loaded.kept, change: before.change };
  const file = settleProjectFile(sources, previous, idClashes);
  const scope = projectScope({ name: `${org}/${key}`, file: file.value, sources, now });
  const clashes = caseClashes({ sources, previous, before: since });
  const judging = { scope, clashes: [idClashes, clashes], before: since };
  const { findings, broken, judged } = yield* judgeProjectFiles(judging);
  const apiKeys = settleApiKeys(sources, previous, scope);
  const missing = new Set([...file.missing, ...apiKeys.missing]);
  const sinceMade = since && previous && { ...since, made: previous };
  const making: Making = { org, key, sources, previous, broken, missing, since: sinceMade };
  const flags = yield* makeFlags(making);
  const segments = makeSegments(making);
  const facts = file.value && factsOf(input, file.value);
  return {
    snapshot: facts && { ...facts, flags, segments, apiKeys: apiKeys.value },
    problems: sources.project === undefined ? [missingProjectFile(input)] : [],
    findings: [...file.findings, ...findings, ...apiKeys.findings],
    missing: [...missing],
    kept: { sources, idClashes, clashes, broken, judged },
  };
}

/** True where the same files stand, all of them good, and no other day has come. */
function isStill(
  { snapshot, missing, kept }: LoadedProject,
  { sources, idClashes, now }: ProjectInput,
): boolean {
  return (
    kept.sources === sources &&
    snapshot?.file === sources.project?.value &&
    missing.length + kept.broken.size + kept.idClashes.size + idClashes.size === 0 &&
    dayOf(kept.judged.scope.now) === dayOf(now)
  );
}

function factsOf(
  { org, key }: ProjectInput,
  file: ProjectFile,
): Omit<ProjectSnapshot, 'flags' | 'segments' | 'apiKeys'> {
  return {
    key,
    org,
    id: file.id ?? derivedId('prj', org, key),
    file,
    // The file was judged: its keys are in their grammar.
    environments: environmentKeys(file) as readonly EnvironmentKey[],
    defaultEnvironment: defaultEnvironment(file) as EnvironmentKey,
  };
}

function missingProjectFile({ org, key }: ProjectInput): Problem {
  const path = pathOf({ kind: 'project', org, project: key });
  const message = `project ${org}/${key} has no project.yaml; one that lists its environments was wanted`;
  return { path, line: 1, column: 1, code: 'MISSING_FILE', severity: 'error', message };
}
