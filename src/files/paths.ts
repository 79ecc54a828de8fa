import {
  type FlagKey,
  type OrgKey,
  type ProjectKey,
  parseFlagKey,
  parseOrgKey,
  parseProjectKey,
  parseSegmentKey,
  type SegmentKey,
} from '../model/keys.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import { CONFIG_PATH } from './config.js';

/** What a file is, and whose; only keys that are in their grammar get here. `kind` is the kind of its content. */
export type Place =
  | { readonly kind: 'config' }
  | { readonly kind: 'org'; readonly org: OrgKey }
  | { readonly kind: 'project' | 'api-keys'; readonly org: OrgKey; readonly project: ProjectKey }
  | {
      readonly kind: 'flag' | 'overrides' | 'tests';
      readonly org: OrgKey;
      readonly project: ProjectKey;
      readonly key: FlagKey;
    }
  | {
      readonly kind: 'segment';
      readonly org: OrgKey;
      readonly project: ProjectKey;
      readonly key: SegmentKey;
    };

/** What a path means: a file that Flagstaff reads, one that it leaves alone, or one that should not be there. */
export type PathMeaning =
  | { readonly kind: 'file'; readonly place: Place }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** The folder that holds the organizations. */
export const FLAGS_FOLDER = 'flags';

const EXTENSION = '.yaml';
const IGNORED: PathMeaning = { kind: 'ignored' };

/** True for names below flags/ that say nothing: hidden ones, and the spare files of editors, `x.yaml~` and `#x.yaml#`. */
export function isLeftAlone(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || (name.startsWith('#') && name.endsWith('#'));
}

/** Says what the file at a path is. The path is from the top of the repository, with `/`. */
export function placeOf(path: string): PathMeaning {
  if (path === CONFIG_PATH) return { kind: 'file', place: { kind: 'config' } };
  if (path === '.flagstaff.yml') return wrongExtension(path);
  const [top, ...steps] = path.split('/');
  if (top !== FLAGS_FOLDER || steps.length === 0) return IGNORED;
  if (steps.some(isLeftAlone) || /\.md$/i.test(path)) return IGNORED;
  if (/\.yml$/i.test(path)) return wrongExtension(path);
  return placeBelowFlags(path, steps);
}

/** The path of a place, from the top of the repository: `flags/acme/web-app/flags/dark-mode.yaml`. */
export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'config':
      return CONFIG_PATH;
    case 'org':
      return `${FLAGS_FOLDER}/${place.org}/org.yaml`;
    case 'project':
      return `${FLAGS_FOLDER}/${place.org}/${place.project}/project.yaml`;
    case 'api-keys':
      return `${FLAGS_FOLDER}/${place.org}/${place.project}/keys.yaml`;
    default:
      return `${FLAGS_FOLDER}/${place.org}/${place.project}/${folderOf(place.kind)}/${place.key}${EXTENSION}`;
  }
}

function folderOf(kind: 'flag' | 'segment' | 'overrides' | 'tests'): string {
  return kind === 'flag' || kind === 'segment' ? `${kind}s` : kind;
}

function placeBelowFlags(path: string, steps: readonly string[]): PathMeaning {
  const [orgName = '', second = '', third = '', fourth = ''] = steps;
  if (steps.length === 1) return unexpected(path, 'flags/ holds one folder for each organization');
  const org = parseOrgKey(orgName);
  if (org === undefined) return invalidKey(path, 'organization', orgName);
  if (steps.length === 2) return placeInOrg(path, org, second);
  const project = parseProjectKey(second);
  if (project === undefined) return invalidKey(path, 'project', second);
  if (steps.length === 3) return placeInProject({ path, org, project, name: third });
  if (steps.length > 4) return unexpected(path, 'no file is read this deep');
  return placeInFolder({ path, org, project, folder: third, name: fourth });
}

function placeInOrg(path: string, org: OrgKey, name: string): PathMeaning {
  if (name === 'org.yaml') return { kind: 'file', place: { kind: 'org', org } };
  return unexpected(path, `flags/${org}/ holds org.yaml and one folder for each project`);
}

interface ProjectPath {
  readonly path: string;
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly name: string;
}

function placeInProject({ path, org, project, name }: ProjectPath): PathMeaning {
  if (name === 'project.yaml') return { kind: 'file', place: { kind: 'project', org, project } };
  if (name === 'keys.yaml') return { kind: 'file', place: { kind: 'api-keys', org, project } };
  return unexpected(
    path,
    `flags/${org}/${project}/ holds project.yaml, keys.yaml and the folders flags, segments, overrides and tests`,
  );
}

function placeInFolder({
  path,
  org,
  project,
  folder,
  name,
}: ProjectPath & { readonly folder: string }): PathMeaning {
  const kind = KINDS.get(folder);
  if (kind === undefined)
    return unexpected(path, 'only flags, segments, overrides and tests are folders of a project');
  if (!name.endsWith(EXTENSION))
    return unexpected(path, `flags/${org}/${project}/${folder}/ holds only .yaml files`);
  const text = name.slice(0, -EXTENSION.length);
  if (kind === 'segment') {
    const key = parseSegmentKey(text);
    return key === undefined
      ? invalidKey(path, 'segment', text)
      : { kind: 'file', place: { kind, org, project, key } };
  }
  const key = parseFlagKey(text);
  return key === undefined
    ? invalidKey(path, 'flag', text)
    : { kind: 'file', place: { kind, org, project, key } };
}

const KINDS: ReadonlyMap<string, 'flag' | 'segment' | 'overrides' | 'tests'> = new Map([
  ['flags', 'flag'],
  ['segments', 'segment'],
  ['overrides', 'overrides'],
  ['tests', 'tests'],
]);

function unexpected(path: string, sentence: string): PathMeaning {
  return placeProblem(path, 'UNEXPECTED_FILE', `the file is not expected here; ${sentence}`);
}

function wrongExtension(path: string): PathMeaning {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.yml$/i, EXTENSION);
  return placeProblem(path, 'WRONG_EXTENSION', `the file is not read under this name; rename it to ${name}`);
}

function invalidKey(
  path: string,
  what: 'organization' | 'project' | 'flag' | 'segment',
  key: string,
): PathMeaning {
  const form =
    what === 'organization' || what === 'project'
      ? 'lower-case words joined by hyphens'
      : 'letters and digits joined by -, _ or ., with a letter among them';
  const sentence = `${JSON.stringify(key)} is no key of ${what === 'organization' ? 'an' : 'a'} ${what}`;
  return placeProblem(
    path,
    'INVALID_KEY',
    `${sentence}; ${form} were wanted, up to 100 characters, no device of Windows and no name that every object has`,
  );
}

function placeProblem(path: string, code: ProblemCode, message: string): PathMeaning {
  return { kind: 'problem', problem: { path, line: 1, column: 1, code, severity: 'error', message } };
}
