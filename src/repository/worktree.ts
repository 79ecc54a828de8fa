import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgePolicyEnvironments } from '../files/checks/policy-environments.js';
import { CONFIG_PATH, chooseDefaultOrg, judgeConfig } from '../files/config.js';
import { judgeOrgs, load } from '../files/load.js';
import type { LoadedOrg, SourceFile } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { ConfigFile } from '../model/config.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { DirectoryParser } from './directory-parser.js';
import { flagsTaken, type Listing, strayAt, type UnreadFile, WORK_TREE } from './listing.js';
import { blobId } from './loose-object.js';
import { notAFile, type Settings } from './settings.js';
import { drain, pause } from './slices.js';
import { readPlainFile, WorkBlobs } from './work-blobs.js';

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
  const parser = new DirectoryParser(dir);
  const giveUp = (): void => void parser.close();
  signal?.addEventListener('abort', giveUp);
  try {
    const listing = await listWorkTree(dir, {
      signal,
      // All of them are wanted where nothing is known.
      onFile: previous === undefined ? (file) => parser.offer(file) : undefined,
    });
    return judge(listing, await loadOrgs(listing, parser, reload), dir);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await parser.close();
  }
}

function judge(listing: Listing, orgs: ReadonlyMap<OrgKey, DirectoryOrg>, dir: string): LoadedDirectory {
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

/** How a work tree is listed. */
interface ListingOptions {
  /** Gives it up: it rejects then. */
  readonly signal?: AbortSignal | undefined;
  /** Is told each file of an organization as it is found. */
  readonly onFile?: ((file: UnreadFile) => void) | undefined;
}

/** Lists the plain files that `--worktree` and the command line read. Their revision is `worktree`. */
export async function listWorkTree(dir: string, { signal, onFile }: ListingOptions = {}): Promise<Listing> {
  const blobs = new WorkBlobs(dir);
  const files = new Map<OrgKey, readonly UnreadFile[]>();
  const strays: Problem[] = [];
  const flags = lstatSync(join(dir, FLAGS_FOLDER), { throwIfNoEntry: false });
  if (flags?.isDirectory() === false) strays.push(flagsTaken());
  for (const entry of entriesOf(join(dir, FLAGS_FOLDER))) {
    const path = `${FLAGS_FOLDER}/${entry.name}`;
    const org = entry.isDirectory() ? parseOrgKey(entry.name) : undefined;
    const told = org === undefined ? undefined : onFile;
    const listed = await listEntry({ dir, blobs, signal, onFile: told }, path, entry);
    if (org !== undefined) files.set(org, listed);
    else strays.push(...listed.flatMap((file) => strayAt(file.path)));
  }
  const config = isThere(join(dir, CONFIG_PATH)) ? blobs.fileAt(CONFIG_PATH) : undefined;
  blobs.keep();
  return {
    revision: WORK_TREE,
    versions: new Map([...files].map(([org, list]) => [org, versionOf(list)])),
    config,
    strays,
    filesOf: async (org) => files.get(org) ?? [],
    changesSince: async () => undefined,
  };
}

interface Walk {
  readonly dir: string;
  readonly blobs: WorkBlobs;
  readonly signal: AbortSignal | undefined;
  readonly onFile: ListingOptions['onFile'];
}

async function listEntry(walk: Walk, path: string, entry: Dirent): Promise<readonly UnreadFile[]> {
  await pause(walk.signal);
  if (!entry.isDirectory()) {
    const file = walk.blobs.fileAt(path);
    walk.onFile?.(file);
    return [file];
  }
  const files: UnreadFile[] = [];
  for (const inner of entriesOf(join(walk.dir, path)))
    files.push(...(await listEntry(walk, `${path}/${inner.name}`, inner)));
  return files;
}

/** In order of the names. A folder that is itself a link is none. */
function entriesOf(folder: string): readonly Dirent[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Also a link that leads nowhere is. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function versionOf(files: readonly UnreadFile[]): string {
  const hash = createHash('sha1');
  for (const { path, blob, mode } of files) hash.update(`${mode} ${path}\0${blob}\n`);
  return hash.digest('hex');
}

async function loadOrgs(
  listing: Listing,
  parser: DirectoryParser,
  { previous, now, signal }: Reload,
): Promise<Map<OrgKey, DirectoryOrg>> {
  const keys = [...listing.versions.keys()];
  const unread = (await Promise.all(keys.map((org) => listing.filesOf(org)))).flat();
  const known = new Map(
    keys.flatMap((org) => previous?.orgs.get(org)?.files ?? []).map((file) => [file.path, file]),
  );
  const files = await readFiles(unread, { parser, known, signal });
  const orgs = new Map<OrgKey, DirectoryOrg>();
  for (const org of keys) {
    const own = files.filter(({ path }) => path.startsWith(`${FLAGS_FOLDER}/${org}/`));
    const before = previous?.orgs.get(org)?.snapshot;
    orgs.set(org, {
      ...(await drain(load({ org, files: own, previous: before, now }), signal)),
      key: org,
      files: own,
    });
  }
  return orgs;
}

/** The files, parsed; those that are known as they are stay the same objects. */
async function readFiles(
  unread: readonly UnreadFile[],
  {
    parser,
    known,
    signal,
  }: {
    readonly parser: DirectoryParser;
    readonly known: ReadonlyMap<string, SourceFile>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly SourceFile[]> {
  const isKnown = ({ path, blob, mode }: UnreadFile): boolean => {
    const before = known.get(path);
    return before?.blob === blob && before.mode === mode;
  };
  const fresh = unread.filter((file) => !isKnown(file));
  const parsed = await parser.parse(fresh, signal);
  const read = new Map(
    fresh.flatMap(({ path, mode }, index) => {
      const file = parsed[index];
      return file === undefined ? [] : [[path, { path, mode, ...file }]];
    }),
  );
  return unread.flatMap(({ path }) => read.get(path) ?? known.get(path) ?? []);
}

/** The settings, and their file. */
interface ReadSettings extends Settings {
  readonly settings: SourceFile | undefined;
}

function readConfig(dir: string, { config: file, versions }: Listing): ReadSettings {
  if (file === undefined) return { config: {}, settings: undefined, problems: [] };
  const { kind, ...listed } = file;
  if (kind !== 'config')
    return { config: {}, settings: { ...listed, parsed: undefined }, problems: [notAFile()] };
  const settings = { ...listed, ...parseConfig(dir, file) };
  const { parsed } = settings;
  const located = parsed.problems.map((problem) => ({ path: CONFIG_PATH, ...problem }));
  if (parsed.value === undefined) return { config: {}, settings, problems: located };
  const findings = locateFindings(judgeConfig(parsed.value, [...versions.keys()]), textReader(dir));
  return { config: parsed.value, settings, problems: [...located, ...findings] };
}

/** Under the id of those very bytes: the file may have changed since it was listed. */
function parseConfig(dir: string, { blob, parsed }: UnreadFile): ParsedConfig {
  if (parsed?.kind === 'config') return { blob, parsed };
  const bytes = readFileSync(join(dir, CONFIG_PATH));
  return { blob: blobId(bytes), parsed: parseFile('config', bytes) };
}

interface ParsedConfig {
  readonly blob: string;
  readonly parsed: ParsedFile<'config'>;
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
