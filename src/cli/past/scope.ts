import { FLAGS_FOLDER, pathOf } from '../../files/paths.js';
import {
  type FlagKey,
  type OrgKey,
  type ProjectKey,
  parseOrgKey,
  parseProjectKey,
} from '../../model/keys.js';
import { chooseOrg, chooseProject } from '../choose.js';
import { WrongUse } from '../exit.js';
import { nearest } from '../nearest.js';
import type { Outline } from './outline.js';

/** Which part of the repository a question about its history is about. */
export interface HistoryScope {
  readonly org?: string;
  readonly project?: string;
}

/** A flag by its keys, whether it is there or not. */
interface FlagPlace {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

interface Outlined {
  readonly outline: Outline;
}

/**
 * The folder of the organization or project that is named; undefined where none is. One that is no more has a history
 * too, so its key is taken as it stands. Throws `WrongUse` for what cannot be a key.
 */
export function folderOf({ outline }: Outlined, scope: HistoryScope): string | undefined {
  if (scope.org === undefined && scope.project === undefined) return undefined;
  const org = orgKeyOf(outline, scope);
  const project = scope.project === undefined ? '' : `${projectKeyOf(outline, scope)}/`;
  return `${FLAGS_FOLDER}/${org}/${project}`;
}

/** The place of a flag in the project that is named, else in the default one. Throws `WrongUse`. */
export function flagPlaceOf({ outline }: Outlined, scope: HistoryScope, flag: FlagKey): FlagPlace {
  return { org: orgKeyOf(outline, scope), project: projectKeyOf(outline, scope), flag };
}

/** All that belongs to a flag. */
export function pathsOfFlag({ org, project, flag: key }: FlagPlace): readonly string[] {
  return (['flag', 'overrides', 'tests'] as const).map((kind) => pathOf({ kind, org, project, key }));
}

/** Throws `WrongUse` where a name is none that the repository has now: nothing was found under it. */
export function refuseUnknown({ outline }: Outlined, scope: HistoryScope): void {
  if (scope.org !== undefined) chooseOrg(outline, scope);
  if (scope.project !== undefined) chooseProject(outline, scope);
}

/** Throws `WrongUse` where the repository has no such flag now. */
export function refuseUnknownFlag(outlined: Outlined, scope: HistoryScope, place: FlagPlace): void {
  const flags = outlined.outline.flagsOf({ org: place.org, key: place.project });
  if (flags.includes(place.flag)) return;
  refuseUnknown(outlined, scope);
  throw unknownFlag({ org: place.org, key: place.project }, place.flag, flags);
}

/** What is said of a flag that is not there. */
export function unknownFlag(
  { org, key }: { readonly org: string; readonly key: string },
  flag: string,
  flags: Iterable<string>,
): WrongUse {
  const near = nearest(flag, flags);
  return new WrongUse(
    `${org}/${key} has no flag ${flag}${near === undefined ? '' : ` (did you mean ${near}?)`}`,
  );
}

function orgKeyOf(outline: Outline, scope: HistoryScope): OrgKey {
  const { orgs } = outline;
  const isThere =
    scope.org === undefined || orgs.some(({ key, id }) => key === scope.org || id === scope.org);
  const gone = isThere ? undefined : parseOrgKey(scope.org ?? '');
  return gone ?? chooseOrg(outline, scope).key;
}

/** The default project is told by the organization's file, so that a project whose own file is broken is not passed over. */
function projectKeyOf(outline: Outline, scope: HistoryScope): ProjectKey {
  const key = orgKeyOf(outline, scope);
  const org = outline.orgs.find((one) => one.key === key);
  if (scope.project !== undefined) {
    const known = [...(org?.projects.values() ?? [])].find(({ id }) => id === scope.project);
    return known?.key ?? parseProjectKey(scope.project) ?? chooseProject(outline, scope).key;
  }
  const projects = outline.projectsOf(key);
  const found = projects.find((project) => project === org?.file.defaultProject) ?? projects[0];
  return found ?? chooseProject(outline, scope).key;
}
