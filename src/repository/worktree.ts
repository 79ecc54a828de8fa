import { join } from 'node:path';
import { judgePolicyEnvironments } from '../files/checks/policy-environments.js';
import { CONFIG_PATH, chooseDefaultOrg, judgeConfig } from '../files/config.js';
import { judgeOrgs, load } from '../files/load.js';
import type { LoadedOrg, SourceFile } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { type FilesByPath, readFiles } from './directory-files.js';
import { type FoundFiles, findFiles } from './found-files.js';
import { readPlainFile } from './plain-file.js';
import { notAFile, type Settings } from './settings.js';
import { drain } from './slices.js';

/** A folder of plain files, judged. It needs no git. */
export interface LoadedDirectory {
  /** In order of the keys. */
  readonly orgs: ReadonlyMap<OrgKey, DirectoryOrg>;
  /** All problems of all files, with their lines, in order of path and place. */
  readonly problems: readonly Problem[];
  readonly defaultOrg: OrgKey | undefined;
  /** The settings; empty where there are none, or where they are broken. */
  readonly config: ConfigFile;
  /** Their file; undefined where there is none. */
  readonly settings: SourceFile | undefined;
}

/** One organization of a folder. */
export interface DirectoryOrg extends LoadedOrg {
  readonly key: OrgKey;
  readonly files: readonly SourceFile[];
}

/** Reads and judges all that lies in `dir/flags`, as plain files. Links are reported and never followed. */
export function loadDirectory(dir: string, now: number): Promise<LoadedDirectory> {
  return reloadDirectory({ dir, previous: undefined, now });
}

/** What a folder is read again with. */
interface Reload {
  readonly dir: string;
  /** What it held before; undefined judges the files alone. */
  readonly previous: LoadedDirectory | undefined;
  readonly now: number;
  /** Gives it up: it rejects then. */
  readonly signal?: AbortSignal | undefined;
}

/** The same again: what did not change is the same object as before, and broken flags keep their last good version. */
export async function reloadDirectory(reload: Reload): Promise<LoadedDirectory> {
  const { dir, previous, signal } = reload;
  const found = await findFiles(dir, signal);
  const files = await readFiles({ dir, found, before: filesOf(previous), signal });
  return judge({ dir, found, files, orgs: await loadOrgs(found, files, reload) });
}

function filesOf(loaded: LoadedDirectory | undefined): FilesByPath {
  const files = [...(loaded?.orgs.values() ?? [])].flatMap((org) => org.files);
  const settings = loaded?.settings === undefined ? [] : [loaded.settings];
  return new Map([...settings, ...files].map((file) => [file.path, file]));
}

/** A folder whose files are read. */
interface ReadDirectory {
  readonly dir: string;
  readonly found: FoundFiles;
  /** By path; those that went while the folder was read are missing. */
  readonly files: FilesByPath;
  readonly orgs: ReadonlyMap<OrgKey, DirectoryOrg>;
}

function judge(read: ReadDirectory): LoadedDirectory {
  const { dir, found, orgs } = read;
  const { config, settings, problems } = readConfig(read);
  const snapshots = [...orgs.values()].flatMap(({ snapshot }) => snapshot ?? []);
  const between = [...judgeOrgs(snapshots), ...judgePolicyEnvironments(config, snapshots)];
  const all = [
    ...problems,
    ...found.strays,
    ...[...orgs.values()].flatMap((org) => problemsOf(dir, org)),
    ...locateFindings(between, textReader(dir)),
  ];
  return {
    orgs,
    problems: all.sort(compareProblems),
    defaultOrg: chooseDefaultOrg(config, [...orgs.keys()]),
    config,
    settings,
  };
}

async function loadOrgs(
  found: FoundFiles,
  files: FilesByPath,
  { previous, now, signal }: Reload,
): Promise<Map<OrgKey, DirectoryOrg>> {
  const orgs = new Map<OrgKey, DirectoryOrg>();
  for (const [org, list] of found.orgs) {
    const own = list.flatMap(({ path }) => files.get(path) ?? []);
    const before = previous?.orgs.get(org)?.snapshot;
    orgs.set(org, {
      ...(await drain(load({ org, files: own, previous: before, now }), signal)),
      key: org,
      files: own,
    });
  }
  return orgs;
}

/** The settings, and their file. */
interface ReadSettings extends Settings {
  readonly settings: SourceFile | undefined;
}

function readConfig({ dir, found, files }: ReadDirectory): ReadSettings {
  const settings = files.get(CONFIG_PATH);
  if (settings === undefined) return { config: {}, settings, problems: [] };
  const { parsed } = settings;
  if (parsed?.kind !== 'config') return { config: {}, settings, problems: [notAFile()] };
  const located = parsed.problems.map((problem) => ({ path: CONFIG_PATH, ...problem }));
  if (parsed.value === undefined) return { config: {}, settings, problems: located };
  const findings = locateFindings(judgeConfig(parsed.value, [...found.orgs.keys()]), textReader(dir));
  return { config: parsed.value, settings, problems: [...located, ...findings] };
}

function problemsOf(dir: string, org: DirectoryOrg): readonly Problem[] {
  return [...org.problems, ...locateFindings(org.findings, textReader(dir))];
}

/** Undefined for what is no file that is read, also where it went a moment ago. */
export function textReader(dir: string): (path: string) => string | undefined {
  return (path) => readPlainFile(join(dir, path))?.toString('utf8');
}

function compareProblems(one: Problem, other: Problem): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
