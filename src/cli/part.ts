import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CONFIG_PATH, chooseDefaultOrg } from '../files/config.js';
import { parseFile } from '../files/parse.js';
import type { FileKind, FileValues } from '../files/parsed.js';
import { FLAGS_FOLDER, pathOf } from '../files/paths.js';
import { derivedId } from '../model/ids.js';
import { type OrgKey, type ProjectKey, parseOrgKey, parseProjectKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { chooseOrg, chooseProject } from './choose.js';

/** Which organization or project of the work tree is looked at; all of it where nothing is named. */
export interface PartScope {
  readonly org?: string | undefined;
  readonly project?: string | undefined;
}

/** A part of the work tree. */
export interface Part {
  /** True for the path of a file that lies in it. */
  readonly has: (path: string) => boolean;
  /** True for what is wrong in it, and for an error above it: nothing of the part can be judged without those files. */
  readonly concerns: (problem: Problem) => boolean;
}

const EVERYTHING: Part = { has: () => true, concerns: () => true };

/** Adds the options `--org` and `--project` to a command. */
export function addPart(command: Command): Command {
  return command
    .option('--org <key>', 'only what lies in this organization, and errors of the files above it')
    .option('--project <key>', 'only this project (of the default organization, if none is named)');
}

/** Finds the part by the names of folders, and little more is read. Throws `WrongUse` for a name that is not there. */
export function partOf(folder: string, scope: PartScope): Part {
  if (scope.org === undefined && scope.project === undefined) return EVERYTHING;
  const choice = readChoice(folder);
  const { org: wantedOrg, project: wantedProject } = scope;
  // An empty name is one that is not there, as of a variable that is not set: never the default.
  const asked = {
    ...(wantedOrg === undefined ? {} : { org: wantedOrg }),
    ...(wantedProject === undefined ? {} : { project: wantedProject }),
  };
  const { key: org } = chooseOrg(choice, asked);
  const project = wantedProject === undefined ? '' : `${chooseProject(choice, asked).key}/`;
  const top = `${FLAGS_FOLDER}/${org}/${project}`;
  const above = [CONFIG_PATH, pathOf({ kind: 'org', org })];
  const has = (name: string): boolean => name.startsWith(top);
  return {
    has,
    concerns: (problem) =>
      has(problem.path) || (problem.severity === 'error' && above.includes(problem.path)),
  };
}

function readChoice(folder: string) {
  const keys = foldersIn(path.join(folder, FLAGS_FOLDER)).flatMap((name) => parseOrgKey(name) ?? []);
  const config = read(folder, CONFIG_PATH, 'config');
  return { orgs: keys.map((org) => readOrg(folder, org)), defaultOrg: chooseDefaultOrg(config, keys) };
}

function readOrg(folder: string, key: OrgKey) {
  const file = read(folder, pathOf({ kind: 'org', org: key }), 'org');
  const names = foldersIn(path.join(folder, FLAGS_FOLDER, key)).flatMap(
    (name) => parseProjectKey(name) ?? [],
  );
  const projects = new Map(names.map((project) => [project, readProject(folder, key, project)]));
  return {
    key,
    id: file?.id ?? derivedId('org', key),
    defaultProject: names.find((name) => name === file?.defaultProject) ?? names[0],
    projects,
  };
}

function readProject(folder: string, org: OrgKey, key: ProjectKey) {
  const file = read(folder, pathOf({ kind: 'project', org, project: key }), 'project');
  return { key, id: file?.id ?? derivedId('prj', org, key) };
}

/** Undefined for what is not there or broken: `validate` tells that. */
function read<Kind extends FileKind>(folder: string, name: string, kind: Kind): FileValues[Kind] | undefined {
  const file = path.join(folder, name);
  return lstatSync(file, { throwIfNoEntry: false })?.isFile()
    ? parseFile(kind, readFileSync(file)).value
    : undefined;
}

/** In order of their names; links are not followed. */
function foldersIn(folder: string): readonly string[] {
  const entries = lstatSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
