import { createHash, type Hash } from 'node:crypto';
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgePolicyEnvironments } from '../files/checks/policy-environments.js';
import { CONFIG_PATH, chooseDefaultOrg, judgeConfig } from '../files/config.js';
import { judgeOrgs, load } from '../files/load.js';
import type { LoadedOrg, SourceFile } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { ConfigFile } from '../model/config.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { flagsTaken, kindAt, type Listing, strayAt, type UnreadFile } from './listing.js';
import { blobId } from './loose-object.js';
import type { Settings } from './settings.js';
import { drain, pause } from './slices.js';

/** A folder of plain files, judged. It needs no git. */
export interface LoadedDirectory {
  /** In order of the keys. */
  readonly orgs: ReadonlyMap<OrgKey, DirectoryOrg>;
  /** All problems of all files, with their lines, in order of path and place. */
  readonly problems: readonly Problem[];
  readonly defaultOrg: OrgKey | undefined;
  /** The settings; empty where there are none, or where they are broken. */
  readonly config: ConfigFile;
}

/** One organization of a folder. */
export interface DirectoryOrg extends LoadedOrg {
  readonly key: OrgKey;
  readonly files: readonly SourceFile[];
}

/** Reads and judges all that lies in `dir/flags`, as plain files. Links are reported and never followed. */
export async function loadDirectory(dir: string, now: number): Promise<LoadedDirectory> {
  const listing = await listWorkTree(dir);
  const orgs = new Map<OrgKey, DirectoryOrg>();
  for (const org of listing.versions.keys()) orgs.set(org, await loadOrg(dir, listing, org, now));
  const { config, problems } = readConfig(dir, listing);
  const snapshots = [...orgs.values()].flatMap(({ snapshot }) => snapshot ?? []);
  const between = [...judgeOrgs(snapshots), ...judgePolicyEnvironments(config, snapshots)];
  const all = [
    ...problems,
    ...listing.strays,
    ...[...orgs.values()].flatMap((org) => problemsOf(dir, org)),
    ...locateFindings(between, textReader(dir)),
  ];
  return {
    orgs,
    problems: all.sort(compareProblems),
    defaultOrg: chooseDefaultOrg(config, [...orgs.keys()]),
    config,
  };
}

/** Lists the plain files that `--worktree` and the command line read. Their revision is `worktree`. */
export async function listWorkTree(dir: string): Promise<Listing> {
  const files = new Map<OrgKey, readonly UnreadFile[]>();
  const strays: Problem[] = [];
  const flags = lstatSync(join(dir, FLAGS_FOLDER), { throwIfNoEntry: false });
  if (flags?.isDirectory() === false) strays.push(flagsTaken());
  for (const entry of entriesOf(join(dir, FLAGS_FOLDER))) {
    const path = `${FLAGS_FOLDER}/${entry.name}`;
    const org = entry.isDirectory() ? parseOrgKey(entry.name) : undefined;
    const listed = await listEntry(dir, path, entry);
    if (org !== undefined) files.set(org, listed);
    else strays.push(...listed.flatMap((file) => strayAt(file.path)));
  }
  return {
    revision: 'worktree',
    versions: new Map([...files].map(([org, list]) => [org, versionOf(list)])),
    config: existsSync(join(dir, CONFIG_PATH)) ? fileAt(dir, CONFIG_PATH) : undefined,
    strays,
    filesOf: async (org) => files.get(org) ?? [],
    changesSince: async () => undefined,
  };
}

/** Another text whenever a file that `listWorkTree` lists may have changed: it looks at names, sizes and times alone. */
export async function stampWorkTree(dir: string): Promise<string> {
  const hash = createHash('sha1');
  await stampEntry(hash, join(dir, CONFIG_PATH));
  await stampEntry(hash, join(dir, FLAGS_FOLDER));
  return hash.digest('hex');
}

async function stampEntry(hash: Hash, path: string): Promise<void> {
  await pause();
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  hash.update(`${path}\0${stat?.mode} ${stat?.ino} ${stat?.size} ${stat?.ctimeNs}\n`);
  if (stat?.isDirectory() !== true) return;
  for (const { name } of entriesOf(path)) await stampEntry(hash, join(path, name));
}

async function listEntry(dir: string, path: string, entry: Dirent): Promise<readonly UnreadFile[]> {
  await pause();
  if (!entry.isDirectory()) return [fileAt(dir, path)];
  const files: UnreadFile[] = [];
  for (const inner of entriesOf(join(dir, path)))
    files.push(...(await listEntry(dir, `${path}/${inner.name}`, inner)));
  return files;
}

/** In order of the names. A folder that is itself a link is none. */
function entriesOf(folder: string): readonly Dirent[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function fileAt(dir: string, path: string): UnreadFile {
  const full = join(dir, path);
  if (!lstatSync(full).isFile()) return { path, blob: '', mode: 'symlink', kind: undefined };
  return { path, blob: blobId(readFileSync(full)), mode: 'file', kind: kindAt(path) };
}

function versionOf(files: readonly UnreadFile[]): string {
  const hash = createHash('sha1');
  for (const { path, blob, mode } of files) hash.update(`${mode} ${path}\0${blob}\n`);
  return hash.digest('hex');
}

async function loadOrg(dir: string, listing: Listing, org: OrgKey, now: number): Promise<DirectoryOrg> {
  const files: SourceFile[] = [];
  for (const { path, blob, mode, kind } of await listing.filesOf(org)) {
    const parsed = kind && parseFile(kind, readFileSync(join(dir, path)));
    files.push({ path, blob, mode, parsed });
    await pause();
  }
  const loaded = await drain(load({ org, files, previous: undefined, now }));
  return { ...loaded, key: org, files };
}

function readConfig(dir: string, { config, versions }: Listing): Settings {
  if (config?.kind !== 'config') return { config: {}, problems: [] };
  const { value, problems } = parseFile('config', readFileSync(join(dir, CONFIG_PATH)));
  const located = problems.map((problem) => ({ path: CONFIG_PATH, ...problem }));
  if (value === undefined) return { config: {}, problems: located };
  const findings = judgeConfig(value, [...versions.keys()]);
  return { config: value, problems: [...located, ...locateFindings(findings, textReader(dir))] };
}

function problemsOf(dir: string, org: DirectoryOrg): readonly Problem[] {
  return [...org.problems, ...locateFindings(org.findings, textReader(dir))];
}

function textReader(dir: string): (path: string) => string | undefined {
  return (path) => {
    const full = join(dir, path);
    const isFile = lstatSync(full, { throwIfNoEntry: false })?.isFile() === true;
    return isFile ? readFileSync(full, 'utf8') : undefined;
  };
}

function compareProblems(one: Problem, other: Problem): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
