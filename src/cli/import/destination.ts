import { existsSync } from 'node:fs';
import path from 'node:path';
import { newText } from '../../changes/new-text.js';
import type { ImportedFile } from '../../files/import/imported.js';
import { FLAGS_FOLDER } from '../../files/paths.js';
import { parseOrgKey, parseProjectKey } from '../../model/keys.js';
import type { AttributeDeclarations } from '../../model/project.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { chooseOrg, chooseProject, type Scope } from '../choose.js';
import type { DraftFile, JudgedOrg } from '../create/judge.js';
import { WrongUse } from '../exit.js';
import type { LoadedFlags } from '../load-flags.js';

/** Where the flags go: a project that is there, or one that the import makes. */
export interface Destination {
  readonly org: string;
  readonly project: string;
  readonly orgNow: JudgedOrg;
  /** Undefined where the import makes it. */
  readonly projectNow: ProjectSnapshot | undefined;
  /** Files begin with the line that tells an editor their schema. */
  readonly hasSchemas: boolean;
}

/** The project named, else the default one; keys of an organization or a project that are not there name new ones. */
export function chooseDestination(
  folder: string,
  loaded: LoadedFlags,
  scope: Pick<Scope, 'org' | 'project'>,
): Destination {
  const hasSchemas = existsSync(path.join(folder, 'schemas/flag.json'));
  const orgKey = scope.org !== undefined && isNewOrg(loaded, scope.org) ? scope.org : undefined;
  const org = orgKey === undefined ? chooseOrg(loaded, scope) : undefined;
  const projectNow = org === undefined ? undefined : projectOf(loaded, scope, org);
  const project = projectNow?.key ?? newProjectKey(scope.project);
  const key = org?.key ?? orgKey ?? '';
  const known = [...loaded.folders.values()].find((one) => one.key === key);
  const orgNow = known ?? { key: newOrgKey(key), files: [], problems: [], findings: [] };
  return { org: key, project, orgNow, projectNow, hasSchemas };
}

function isNewOrg({ orgs, folders }: LoadedFlags, named: string): boolean {
  const isThere = orgs.some(({ key, id }) => key === named || id === named);
  return !isThere && ![...folders.keys()].some((key) => key === named) && parseOrgKey(named) !== undefined;
}

function projectOf(
  loaded: LoadedFlags,
  scope: Pick<Scope, 'org' | 'project'>,
  org: OrgSnapshot,
): ProjectSnapshot | undefined {
  const named = scope.project;
  if (named === undefined) return chooseProject(loaded, scope);
  const isThere = [...org.projects.values()].some(({ key, id }) => key === named || id === named);
  return isThere || parseProjectKey(named) === undefined ? chooseProject(loaded, scope) : undefined;
}

function newProjectKey(text: string | undefined): string {
  if (text === undefined) throw new WrongUse('a new organization needs a project: name it with --project');
  const key = parseProjectKey(text);
  if (key === undefined)
    throw new WrongUse(`${text} is no key of a project: lower-case words joined by hyphens`);
  return key;
}

function newOrgKey(text: string): JudgedOrg['key'] {
  const key = parseOrgKey(text);
  if (key === undefined) throw new WrongUse(`${text} is no key of an organization`);
  return key;
}

/** The texts of the files, under their paths. */
export function draftsOf(
  files: readonly ImportedFile[],
  { org, project, hasSchemas }: Destination,
): DraftFile[] {
  return files.map((file) => {
    const name = `${FOLDERS[file.kind]}/${file.key}.yaml`;
    return { path: `${FLAGS_FOLDER}/${org}/${project}/${name}`, text: newText(file, { hasSchemas }) };
  });
}

const FOLDERS: Readonly<Record<ImportedFile['kind'], string>> = {
  flag: 'flags',
  segment: 'segments',
  overrides: 'overrides',
};

/** The files of the organization and the project themselves, where the import makes them. */
export function frameDrafts(
  { org, project, orgNow, projectNow, hasSchemas }: Destination,
  facts: { readonly environments: readonly string[]; readonly attributes: AttributeDeclarations },
): DraftFile[] {
  if (projectNow !== undefined) return [];
  const { environments, attributes } = facts;
  const declared = Object.keys(attributes).length === 0 ? {} : { attributes };
  const projectText = newText({ kind: 'project', value: { environments, ...declared } }, { hasSchemas });
  const folder = `${FLAGS_FOLDER}/${org}`;
  const frame = [{ path: `${folder}/${project}/project.yaml`, text: projectText }];
  if (orgNow.files.some((file) => file.path === `${folder}/org.yaml`)) return frame;
  return [
    { path: `${folder}/org.yaml`, text: newText({ kind: 'org', value: { name: org } }, { hasSchemas }) },
    ...frame,
  ];
}
