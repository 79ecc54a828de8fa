import { isDeepStrictEqual } from 'node:util';
import { compileProject } from '../evaluation/compile.js';
import type { CompiledProject } from '../evaluation/compiled.js';
import { judgeOrgs, load } from '../files/load.js';
import type { LoadedOrg } from '../files/loaded.js';
import type { Finding } from '../files/parsed.js';
import { pathOf } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { findLastGood } from './last-good.js';
import { knownFiles, type OrgFiles } from './org-files.js';
import { type FindingPositions, positionedProblems } from './positions.js';
import type { ServedOrg } from './served.js';
import { drain } from './slices.js';

/** All that is kept of one organization between two builds. */
export interface OrgState {
  readonly org: OrgKey;
  /** The version that it was built from. */
  readonly version: string;
  /** Undefined where nothing of it can be served. */
  readonly served: ServedOrg | undefined;
  readonly read: OrgFiles;
  readonly loaded: LoadedOrg;
  /** What is wrong between it and the other organizations. */
  readonly between: readonly Finding[];
  readonly positions: FindingPositions;
}

/** What one build of one organization starts from. */
export interface OrgBuild {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly org: OrgKey;
  readonly revision: string;
  readonly version: string;
  readonly read: OrgFiles;
  readonly previous: OrgState | undefined;
  /** The commit from which to look back for what is broken; undefined where there is no history to look at. */
  readonly history: string | undefined;
  readonly now: number;
}

/** Judges, completes and compiles one organization. The result is new; what is served meanwhile stays as it is. */
export async function buildOrg(build: OrgBuild): Promise<OrgState> {
  const { org, version, read, previous } = build;
  const loaded = await loadWithLastGood(build);
  const positions = previous?.positions ?? new Map();
  const between = previous?.between ?? [];
  const state = { org, version, read, loaded, between, positions };
  const { snapshot } = loaded;
  if (snapshot === undefined) return { ...state, served: undefined };
  const served: ServedOrg = {
    revision: build.revision,
    version,
    snapshot,
    files: read.files,
    projects: await compileAll(snapshot, previous?.served?.projects),
    problems: problemsOf(state),
    loadedAt: build.now,
    staleFlags: countStale(snapshot),
  };
  return { ...state, served };
}

/** All problems of an organization; those between files have the lines that are known by now. */
export function problemsOf(
  state: Pick<OrgState, 'loaded' | 'between' | 'positions' | 'read'>,
): readonly Problem[] {
  return [
    ...state.loaded.problems,
    ...positionedProblems(findingsOf(state), state.read.files, state.positions),
  ];
}

/** What is wrong between the files of an organization, and between it and others. */
export function findingsOf({ loaded, between }: Pick<OrgState, 'loaded' | 'between'>): readonly Finding[] {
  return between.length === 0 ? loaded.findings : [...loaded.findings, ...between];
}

/** The organizations whose standing among the others is not what it was, judged again. */
export function judgeBetween(states: readonly OrgState[]): readonly OrgState[] {
  const findings = judgeOrgs(states.flatMap(({ served }) => served?.snapshot ?? []));
  return states.flatMap((state) => {
    const path = pathOf({ kind: 'org', org: state.org });
    const between = findings.filter((finding) => finding.path === path);
    if (isDeepStrictEqual(between, state.between)) return [];
    const judged = { ...state, between };
    return [{ ...judged, served: state.served && { ...state.served, problems: problemsOf(judged) } }];
  });
}

/** History is asked only by the first load of a process: later ones have what was served before. */
async function loadWithLastGood(build: OrgBuild): Promise<LoadedOrg> {
  const { org, read, now, history } = build;
  const previous = build.previous?.served?.snapshot;
  const loaded = await drain(load({ org, files: read.files, previous, now }));
  if (loaded.missing.length === 0 || previous !== undefined || history === undefined) return loaded;
  const lastGood = await findLastGood({
    repository: build.repository,
    reader: build.reader,
    org,
    commit: history,
    missing: loaded.missing,
    known: knownFiles(read),
    now,
  });
  return lastGood === undefined ? loaded : drain(load({ org, files: read.files, previous: lastGood, now }));
}

async function compileAll(
  snapshot: OrgSnapshot,
  previous: ReadonlyMap<string, CompiledProject> | undefined,
): Promise<ReadonlyMap<string, CompiledProject>> {
  const compiled = new Map<string, CompiledProject>();
  for (const [key, project] of snapshot.projects) {
    const before = previous?.get(key);
    compiled.set(key, await drain(compileProject(project, before === undefined ? {} : { previous: before })));
  }
  return compiled;
}

function countStale(snapshot: OrgSnapshot): number {
  let count = 0;
  for (const project of snapshot.projects.values()) {
    for (const flag of project.flags.values()) if (flag.stale !== undefined) count += 1;
  }
  return count;
}
