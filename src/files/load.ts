import { derivedId } from '../model/ids.js';
import type { ProjectKey } from '../model/keys.js';
import type { OrgFile } from '../model/org.js';
import type { OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import { type Clashes, idClashes } from './clashes.js';
import { errorAt } from './issue.js';
import { type LoadedProject, loadProject } from './load-project.js';
import type { LoadedOrg, LoadInput } from './loaded.js';
import type { Finding } from './parsed.js';
import { pathOf } from './paths.js';
import { type OrgChanges, orgChanges } from './reach.js';
import { type Settled, settleOrgFile, toFindings } from './settle.js';
import { gatherSources, type OrgSources } from './sources.js';
import { mostTellingByPath } from './telling.js';

/**
 * Judges the files of one organization together and makes its snapshot; yields about each 100 files. What is broken
 * keeps its version from `previous`, flag by flag; what has none there is left out and named in `missing`. To look for
 * it in history, load an older commit and give its snapshot as `previous`. Where this loaded `previous` as well, only
 * what changed since, and what that reaches, is looked at again: the result is the same.
 */
export function* load(input: LoadInput): Generator<void, LoadedOrg> {
  const before = input.previous && kept.get(input.previous);
  const sources = yield* gatherSources(input, before?.sources);
  const org = settleOrgFile(sources, input.previous);
  const changes: OrgChanges = before ? orgChanges(before.sources, sources) : new Map();
  const known = before && { clashes: before.clashes, changes };
  const clashes = idClashes({ sources, previous: input.previous, before: known });
  yield;
  const projects = new Map<ProjectKey, LoadedProject>();
  for (const [key, files] of sources.projects) {
    const project = { org: input.org, key, sources: files, idClashes: clashes, now: input.now };
    const previous = input.previous?.projects.get(key);
    const [loaded, change] = [before?.projects.get(key), changes.get(key)];
    projects.set(
      key,
      yield* loadProject({ ...project, previous, before: loaded && change && { loaded, change } }),
    );
  }
  const loaded = loadedOrg(sources, org, [...projects.values()]);
  if (loaded.snapshot !== undefined) kept.set(loaded.snapshot, { sources, clashes, projects });
  return loaded;
}

/** What the next load of an organization may go on from. */
interface KeptOrg {
  readonly sources: OrgSources;
  readonly clashes: Clashes;
  readonly projects: ReadonlyMap<ProjectKey, LoadedProject>;
}

/** How snapshots were loaded. */
const kept = new WeakMap<OrgSnapshot, KeptOrg>();

/** `load`, in one go. */
export function loadNow(input: LoadInput): LoadedOrg {
  const steps = load(input);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** What is wrong between organizations: an id that two of them have. The first by key keeps it. */
export function judgeOrgs(orgs: readonly OrgSnapshot[]): readonly Finding[] {
  const owners = new Map<string, OrgSnapshot>();
  return [...orgs]
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .flatMap((org) => {
      const owner = owners.get(org.id);
      owners.set(org.id, owner ?? org);
      if (owner === undefined) return [];
      const message = `id ${org.id}: organization ${owner.key} has it already; leave it out or choose another`;
      return toFindings(pathOf({ kind: 'org', org: org.key }), [errorAt(['id'], 'DUPLICATE_ID', message)]);
    });
}

function loadedOrg(
  sources: OrgSources,
  org: Settled<OrgFile>,
  projects: readonly LoadedProject[],
): LoadedOrg {
  const isEmpty = sources.org === undefined && sources.projects.size === 0;
  return {
    snapshot: isEmpty ? undefined : snapshotOf(sources, org.value, projects),
    problems: [...[...sources.problems.values()].flat(), ...projects.flatMap(({ problems }) => problems)],
    findings: mostTellingByPath([...org.findings, ...projects.flatMap(({ findings }) => findings)]),
    missing: [...org.missing, ...projects.flatMap(({ missing }) => missing)],
  };
}

function snapshotOf({ key }: OrgSources, file: OrgFile, loaded: readonly LoadedProject[]): OrgSnapshot {
  const snapshots = loaded.flatMap(({ snapshot }) => snapshot ?? []);
  const projects = new Map(snapshots.map((snapshot) => [snapshot.key, snapshot]));
  return {
    key,
    id: file.id ?? derivedId('org', key),
    file,
    defaultProject: defaultProjectOf(file, projects),
    projects,
  };
}

function defaultProjectOf(
  { defaultProject }: OrgFile,
  projects: ReadonlyMap<ProjectKey, ProjectSnapshot>,
): ProjectKey | undefined {
  const keys = [...projects.keys()];
  return keys.find((key) => key === defaultProject) ?? keys[0];
}
