import type { FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { unreachable } from '../model/unreachable.js';
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
  readonly org: Source<'org'> | undefined;
  readonly projects: ReadonlyMap<ProjectKey, ProjectSources>;
  /** Of every file, and of paths that no kind of file has. */
  readonly problems: readonly Problem[];
}

/** The files of a project. A broken file is there, without a value. */
export interface ProjectSources {
  readonly project: Source<'project'> | undefined;
  readonly apiKeys: Source<'api-keys'> | undefined;
  readonly flags: ReadonlyMap<FlagKey, Source<'flag'>>;
  readonly segments: ReadonlyMap<SegmentKey, Source<'segment'>>;
  readonly overrides: ReadonlyMap<FlagKey, Source<'overrides'>>;
  readonly tests: ReadonlyMap<FlagKey, Source<'tests'>>;
}

const NO_PROBLEMS: readonly Problem[] = [];
const SLICE = 100;

/** Sorts the files by what they are; those of a kind are in order of their paths, so of their keys. */
export function* gatherSources({ org, files }: LoadInput): Generator<void, OrgSources> {
  const gathered: Gathered = { org: undefined, projects: new Map(), problems: [] };
  const ordered = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const [index, file] of ordered.entries()) {
    gather(gathered, file);
    if (index % SLICE === SLICE - 1) yield;
  }
  const projects = [...gathered.projects].sort(([one], [other]) => (one < other ? -1 : 1));
  return { key: org, org: gathered.org, projects: new Map(projects), problems: gathered.problems };
}

interface Gathered {
  org: Source<'org'> | undefined;
  readonly projects: Map<ProjectKey, GatheredProject>;
  readonly problems: Problem[];
}

interface GatheredProject extends ProjectSources {
  project: Source<'project'> | undefined;
  apiKeys: Source<'api-keys'> | undefined;
  readonly flags: Map<FlagKey, Source<'flag'>>;
  readonly segments: Map<SegmentKey, Source<'segment'>>;
  readonly overrides: Map<FlagKey, Source<'overrides'>>;
  readonly tests: Map<FlagKey, Source<'tests'>>;
}

function gather(gathered: Gathered, file: SourceFile): void {
  const meaning = placeOf(file.path);
  if (meaning.kind === 'ignored') return;
  if (meaning.kind === 'problem') {
    gathered.problems.push(meaning.problem);
    return;
  }
  const source = sourceOf(file, meaning.place.kind);
  for (const problem of source.problems) gathered.problems.push(problem);
  put(gathered, meaning.place, source);
}

/** The place says of which kind the source is, which the compiler cannot see. */
function put(gathered: Gathered, place: Place, source: Source<FileKind>): void {
  if (place.kind === 'config') return;
  if (place.kind === 'org') {
    gathered.org = source as Source<'org'>;
    return;
  }
  const project = projectOf(gathered.projects, place.project);
  switch (place.kind) {
    case 'project':
      project.project = source as Source<'project'>;
      break;
    case 'api-keys':
      project.apiKeys = source as Source<'api-keys'>;
      break;
    case 'segment':
      project.segments.set(place.key, source as Source<'segment'>);
      break;
    case 'flag':
      project.flags.set(place.key, source as Source<'flag'>);
      break;
    case 'overrides':
      project.overrides.set(place.key, source as Source<'overrides'>);
      break;
    case 'tests':
      project.tests.set(place.key, source as Source<'tests'>);
      break;
    default:
      unreachable(place);
  }
}

function projectOf(projects: Map<ProjectKey, GatheredProject>, key: ProjectKey): GatheredProject {
  const known = projects.get(key);
  if (known !== undefined) return known;
  const made: GatheredProject = {
    project: undefined,
    apiKeys: undefined,
    flags: new Map(),
    segments: new Map(),
    overrides: new Map(),
    tests: new Map(),
  };
  projects.set(key, made);
  return made;
}

function sourceOf({ path, blob, mode, parsed }: SourceFile, kind: FileKind): Source<FileKind> {
  if (mode !== 'file') return { path, blob, value: undefined, problems: [notAFile(path, mode)] };
  if (parsed === undefined || parsed.kind !== kind) throw new Error(`${path} was not parsed as ${kind}`);
  const problems =
    parsed.problems.length === 0 ? NO_PROBLEMS : parsed.problems.map((problem) => ({ path, ...problem }));
  return { path, blob, value: parsed.value, problems };
}

/** What is there instead of a plain file, in words. */
const NO_FILES = {
  symlink: 'a symbolic link',
  submodule: 'a submodule',
  special: 'a pipe, a socket or a device',
} as const;

function notAFile(path: string, mode: keyof typeof NO_FILES): Problem {
  const message = `${NO_FILES[mode]} is here; a plain file was wanted`;
  return { path, line: 1, column: 1, code: 'NOT_A_FILE', severity: 'error', message };
}
