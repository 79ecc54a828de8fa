import { isDeepStrictEqual } from 'node:util';
import { compileProject } from '../evaluation/compile.js';
import type { CompiledProject } from '../evaluation/compiled.js';
import { judgeOrgs, load } from '../files/load.js';
import type { LoadedOrg } from '../files/loaded.js';
import type { Finding } from '../files/parsed.js';
import { pathOf } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { Flag, OrgSnapshot } from '../model/snapshot.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { findLastGood, type ServedVersion } from './last-good.js';
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
  return compileOrg(build, await loadWithLastGood(build));
}

/** What a loaded organization is made of. */
export type OrgMaking = Pick<OrgBuild, 'org' | 'revision' | 'version' | 'read' | 'previous' | 'now'>;

/** Judges an organization without a look at history: what is broken stays as it was before. */
export async function loadOrg({ org, read, previous, now }: OrgMaking): Promise<LoadedOrg> {
  return drain(load({ org, files: read.files, previous: previous?.served?.snapshot, now }));
}

/** Compiles what was loaded; flags that are as before stay as they are. */
export async function compileOrg(making: OrgMaking, loaded: LoadedOrg): Promise<OrgState> {
  const { org, version, read, previous } = making;
  const positions = previous?.positions ?? new Map();
  const between = previous?.between ?? [];
  const state = { org, version, read, loaded, between, positions };
  const { snapshot } = loaded;
  if (snapshot === undefined) return { ...state, served: undefined };
  const served: ServedOrg = {
    revision: making.revision,
    version,
    snapshot,
    files: read.files,
    projects: await compileAll(snapshot, previous?.served?.projects),
    problems: problemsOf(state),
    loadedAt: making.now,
    staleFlags: staleFlags(snapshot).length,
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

/**
 * History is asked by the first load of a process, and by a later one for flags that broke in one of several commits
 * that came at once: one in between may have a version newer than the one that is served.
 */
async function loadWithLastGood(build: OrgBuild): Promise<LoadedOrg> {
  const { org, read, now, history, repository, reader } = build;
  const served = servedVersion(build.previous);
  const loaded = await loadOrg(build);
  if (history === undefined) return loaded;
  // The work tree has no history.
  const isWorkTree = build.previous?.served !== undefined && build.revision !== history;
  const missing = isWorkTree ? [] : newlyBroken(build, loaded);
  if (missing.length === 0) return loaded;
  const known = knownFiles(read);
  const search = { repository, reader, org, commit: history, missing, known, served, now };
  const lastGood = await findLastGood(search);
  if (lastGood === undefined || lastGood === served?.snapshot) return loaded;
  return drain(load({ org, files: read.files, previous: lastGood, now }));
}

function servedVersion(previous: OrgState | undefined): ServedVersion | undefined {
  const snapshot = previous?.served?.snapshot;
  return previous && snapshot && { version: previous.version, snapshot };
}

/**
 * The files to look for in history. A flag that was as broken before is served as well as it can be; a project or a
 * segment stays what was served.
 */
export function newlyBroken(
  { previous, read }: Pick<OrgBuild, 'previous' | 'read'>,
  loaded: LoadedOrg,
): readonly string[] {
  if (previous?.served === undefined) return loaded.missing;
  const broken = [...loaded.missing, ...staleFlags(loaded.snapshot).map(({ path }) => path)];
  if (broken.length === 0) return [];
  const before = new Map(previous.read.files.map(({ path, blob }) => [path, blob]));
  const now = new Map(read.files.map(({ path, blob }) => [path, blob]));
  return broken.filter((path) => before.get(path) !== now.get(path));
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

function staleFlags(snapshot: OrgSnapshot | undefined): readonly Flag[] {
  const projects = [...(snapshot?.projects.values() ?? [])];
  return projects.flatMap(({ flags }) => [...flags.values()].filter((flag) => flag.stale !== undefined));
}
