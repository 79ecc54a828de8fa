import { withChanged } from '../model/changed-keys.js';
import type { FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { unreachable } from '../model/unreachable.js';
import { changedFiles } from './changed-files.js';
import type { LoadInput, SourceFile } from './loaded.js';
import type { FileKind, FileValues } from './parsed.js';
import { type Place, placeOf } from './paths.js';

/** One file of the load that is where it belongs. */
export interface Source<Kind extends FileKind> {
  readonly path: string;
  readonly blob: string;
  /** Undefined where the file is broken. */
  readonly value: FileValues[Kind] | undefined;
  /** What is wrong with it alone. */
  readonly problems: readonly Problem[];
}

/** The files of an organization, by what they are. */
export interface OrgSources {
  readonly key: OrgKey;
  /** All of them, as they came. */
  readonly files: readonly SourceFile[];
  readonly org: Source<'org'> | undefined;
  /** In order of the keys. */
  readonly projects: ReadonlyMap<ProjectKey, ProjectSources>;
  /** By path, in order: of files, and of paths that no kind of file has. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
}

/** The files of a project, in order of their keys. A broken file is there, without a value. */
export interface ProjectSources {
  readonly project: Source<'project'> | undefined;
  readonly apiKeys: Source<'api-keys'> | undefined;
  readonly flags: Sources<FlagKey, 'flag'>;
  readonly segments: Sources<SegmentKey, 'segment'>;
  readonly overrides: Sources<FlagKey, 'overrides'>;
  readonly tests: Sources<FlagKey, 'tests'>;
}

type Sources<Key, Kind extends FileKind> = ReadonlyMap<Key, Source<Kind>>;

const NO_PROBLEMS: readonly Problem[] = [];
const SLICE = 100;

/** Sorts the files by what they are. Of those that were there before, only what changed is looked at, and the rest stays the same objects. */
export function* gatherSources(
  { org, files }: Pick<LoadInput, 'org' | 'files'>,
  before: OrgSources = { key: org, files: [], org: undefined, projects: new Map(), problems: new Map() },
): Generator<void, OrgSources> {
  const { gone, fresh } = changedFiles(before.files, files);
  const gathered: Gathered = { org: before.org, projects: new Map(), problems: new Map() };
  for (const file of gone) gather(gathered, file, undefined);
  for (const [index, file] of fresh.entries()) {
    gather(gathered, file, file);
    if (index % SLICE === SLICE - 1) yield;
  }
  return {
    key: org,
    files,
    org: gathered.org,
    projects: withChanged(before.projects, gathered.projects.keys(), (key) =>
      projectWith(before.projects.get(key), gathered.projects.get(key)),
    ),
    problems: withChanged(before.problems, gathered.problems.keys(), (path) => gathered.problems.get(path)),
  };
}

interface Gathered {
  org: Source<'org'> | undefined;
  readonly projects: Map<ProjectKey, GatheredProject>;
  readonly problems: Map<string, readonly Problem[] | undefined>;
}

/** What is new of a project, by key; undefined where a file is gone. */
interface GatheredProject {
  readonly project: Gathering<'project', 'project'>;
  readonly apiKeys: Gathering<'api-keys', 'api-keys'>;
  readonly flags: Gathering<FlagKey, 'flag'>;
  readonly segments: Gathering<SegmentKey, 'segment'>;
  readonly overrides: Gathering<FlagKey, 'overrides'>;
  readonly tests: Gathering<FlagKey, 'tests'>;
}

type Gathering<Key, Kind extends FileKind> = Map<Key, Source<Kind> | undefined>;

/** `file` is undefined where what stood at the path is gone. */
function gather(gathered: Gathered, { path }: SourceFile, file: SourceFile | undefined): void {
  const meaning = placeOf(path);
  if (meaning.kind === 'ignored') return;
  if (meaning.kind === 'problem') {
    gathered.problems.set(path, file && [meaning.problem]);
    return;
  }
  const source = file && sourceOf(file, meaning.place.kind);
  gathered.problems.set(path, source?.problems.length === 0 ? undefined : source?.problems);
  put(gathered, meaning.place, source);
}

/** The place says of which kind the source is, which the compiler cannot see. */
function put(gathered: Gathered, place: Place, source: Source<FileKind> | undefined): void {
  if (place.kind === 'config') return;
  if (place.kind === 'org') {
    gathered.org = source as Source<'org'> | undefined;
    return;
  }
  const project = projectOf(gathered.projects, place.project);
  switch (place.kind) {
    case 'project':
      project.project.set(place.kind, source as Source<'project'> | undefined);
      break;
    case 'api-keys':
      project.apiKeys.set(place.kind, source as Source<'api-keys'> | undefined);
      break;
    case 'segment':
      project.segments.set(place.key, source as Source<'segment'> | undefined);
      break;
    case 'flag':
      project.flags.set(place.key, source as Source<'flag'> | undefined);
      break;
    case 'overrides':
      project.overrides.set(place.key, source as Source<'overrides'> | undefined);
      break;
    case 'tests':
      project.tests.set(place.key, source as Source<'tests'> | undefined);
      break;
    default:
      unreachable(place);
  }
}

function projectOf(projects: Map<ProjectKey, GatheredProject>, key: ProjectKey): GatheredProject {
  const known = projects.get(key);
  if (known !== undefined) return known;
  const made: GatheredProject = {
    project: new Map(),
    apiKeys: new Map(),
    flags: new Map(),
    segments: new Map(),
    overrides: new Map(),
    tests: new Map(),
  };
  projects.set(key, made);
  return made;
}

const NO_FILES: ProjectSources = {
  project: undefined,
  apiKeys: undefined,
  flags: new Map(),
  segments: new Map(),
  overrides: new Map(),
  tests: new Map(),
};

/** Undefined where no file of it is left. */
function projectWith(before = NO_FILES, gathered: GatheredProject | undefined): ProjectSources | undefined {
  if (gathered === undefined) return before;
  const { project, apiKeys, flags, segments, overrides, tests } = gathered;
  const after: ProjectSources = {
    project: project.has('project') ? project.get('project') : before.project,
    apiKeys: apiKeys.has('api-keys') ? apiKeys.get('api-keys') : before.apiKeys,
    flags: withGathered(before.flags, flags),
    segments: withGathered(before.segments, segments),
    overrides: withGathered(before.overrides, overrides),
    tests: withGathered(before.tests, tests),
  };
  const isLeft = after.project !== undefined || after.apiKeys !== undefined;
  const count = after.flags.size + after.segments.size + after.overrides.size + after.tests.size;
  return isLeft || count > 0 ? after : undefined;
}

function withGathered<Key extends string, Kind extends FileKind>(
  before: Sources<Key, Kind>,
  gathered: Gathering<Key, Kind>,
): Sources<Key, Kind> {
  return withChanged(before, gathered.keys(), (key) => gathered.get(key));
}

function sourceOf({ path, blob, mode, parsed }: SourceFile, kind: FileKind): Source<FileKind> {
  if (mode !== 'file') return { path, blob, value: undefined, problems: [notAFile(path, mode)] };
  if (parsed === undefined || parsed.kind !== kind) throw new Error(`${path} was not parsed as ${kind}`);
  const problems =
    parsed.problems.length === 0 ? NO_PROBLEMS : parsed.problems.map((problem) => ({ path, ...problem }));
  return { path, blob, value: parsed.value, problems };
}

/** What is there instead of a plain file, in words. */
const IN_ITS_PLACE = {
  symlink: 'a symbolic link',
  submodule: 'a submodule',
  special: 'a pipe, a socket or a device',
} as const;

function notAFile(path: string, mode: keyof typeof IN_ITS_PLACE): Problem {
  const message = `${IN_ITS_PLACE[mode]} is here; a plain file was wanted`;
  return { path, line: 1, column: 1, code: 'NOT_A_FILE', severity: 'error', message };
}
