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
import { DirectoryParser } from './directory-parser.js';
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
}

/** The same again: what did not change is the same object as before, and broken flags keep their last good version. */
export async function reloadDirectory({ dir, previous, now }: Reload): Promise<LoadedDirectory> {
  const listing = await listWorkTree(dir);
  const orgs = await loadOrgs(listing, { dir, previous, now });
  const { config, settings, problems } = readConfig(dir, listing);
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
    settings,
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

async function loadOrgs(
  listing: Listing,
  { dir, previous, now }: Reload,
): Promise<Map<OrgKey, DirectoryOrg>> {
  const keys = [...listing.versions.keys()];
  const unread = (await Promise.all(keys.map((org) => listing.filesOf(org)))).flat();
  const known = new Map(
    keys.flatMap((org) => previous?.orgs.get(org)?.files ?? []).map((file) => [file.path, file]),
  );
  const files = await readFiles(dir, unread, known);
  const orgs = new Map<OrgKey, DirectoryOrg>();
  for (const org of keys) {
    const own = files.filter(({ path }) => path.startsWith(`${FLAGS_FOLDER}/${org}/`));
    const before = previous?.orgs.get(org)?.snapshot;
    orgs.set(org, {
      ...(await drain(load({ org, files: own, previous: before, now }))),
      key: org,
      files: own,
    });
  }
  return orgs;
}

/** The files, parsed; those that are known as they are stay the same objects. */
async function readFiles(
  dir: string,
  unread: readonly UnreadFile[],
  known: ReadonlyMap<string, SourceFile>,
): Promise<readonly SourceFile[]> {
  const isKnown = ({ path, blob, mode }: UnreadFile): boolean => {
    const before = known.get(path);
    return before?.blob === blob && before.mode === mode;
  };
  const fresh = unread.filter((file) => !isKnown(file));
  const parser = new DirectoryParser(dir);
  try {
    const parsed = await parser.parse(fresh);
    const read = new Map(
      fresh.map(({ kind: _, ...file }, index) => [file.path, { ...file, parsed: parsed[index] }]),
    );
    return unread.flatMap(({ path }) => read.get(path) ?? known.get(path) ?? []);
  } finally {
    await parser.close();
  }
}

/** The settings, and their file. */
interface ReadSettings extends Settings {
  readonly settings: SourceFile | undefined;
}

function readConfig(dir: string, { config: file, versions }: Listing): ReadSettings {
  if (file === undefined) return { config: {}, settings: undefined, problems: [] };
  const { path, blob, mode, kind } = file;
  if (kind !== 'config')
    return { config: {}, settings: { path, blob, mode, parsed: undefined }, problems: [] };
  const parsed = parseFile('config', readFileSync(join(dir, CONFIG_PATH)));
  const settings: SourceFile = { path, blob, mode, parsed };
  const located = parsed.problems.map((problem) => ({ path: CONFIG_PATH, ...problem }));
  if (parsed.value === undefined) return { config: {}, settings, problems: located };
  const findings = locateFindings(judgeConfig(parsed.value, [...versions.keys()]), textReader(dir));
  return { config: parsed.value, settings, problems: [...located, ...findings] };
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
