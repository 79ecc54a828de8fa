import { judgePolicyEnvironments } from '../files/checks/policy-environments.js';
import { CONFIG_PATH, judgeConfig } from '../files/config.js';
import type { Finding } from '../files/parsed.js';
import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import { isDamage } from './damage.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import type { UnreadFile } from './listing.js';
import { locateFindings, positionedProblems } from './positions.js';

/** The settings of the whole repository, and what is wrong with them. */
export interface Settings {
  /** Those in force: the last good ones where the file is broken. */
  readonly config: ConfigFile;
  readonly problems: readonly Problem[];
}

/** The settings of a commit, with the file that they were read from. */
export interface ReadSettings extends Settings {
  readonly file: UnreadFile | undefined;
}

/** How many older commits are looked at for settings that were good. */
const MOST_COMMITS = 1_000;

interface SettingsRead {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  /** Undefined where there is none. */
  readonly file: UnreadFile | undefined;
  /** Every organization that has a folder. */
  readonly orgs: readonly OrgKey[];
  /** Those that can be served. */
  readonly snapshots: readonly OrgSnapshot[];
  /** Undefined in the first load, which looks for good settings in history. */
  readonly previous: Settings | undefined;
  /** The commit to look back from. */
  readonly history: string | undefined;
}

/** Reads the settings; broken ones leave the last good ones in force. */
export async function readSettings(read: SettingsRead): Promise<ReadSettings> {
  const { repository, reader, file, orgs, snapshots, previous, history } = read;
  if (file === undefined) return { config: {}, file, problems: [] };
  const { config, problems } = await readConfig(reader, file);
  if (config === undefined) {
    const lastGood = previous?.config ?? (history && (await lastGoodConfig(repository, reader, history)));
    return { config: lastGood || {}, file, problems };
  }
  const findings = [...judgeConfig(config, orgs), ...judgePolicyEnvironments(config, snapshots)];
  return { config, file, problems: [...problems, ...(await located(reader, file, findings))] };
}

/** Where a write looks for the settings that it is judged by. */
interface ConfigAt {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly commit: string;
  readonly tree: string;
  /** What is served, whose settings are those in force where the file is the same or broken. */
  readonly served: ReadSettings | undefined;
}

/** The settings in force at a commit. */
export async function configAt({ repository, reader, commit, tree, served }: ConfigAt): Promise<ConfigFile> {
  const entry = (await repository.readTree(tree)).find(({ name }) => name === CONFIG_PATH);
  if (entry === undefined) return {};
  if (served?.file?.blob === entry.oid) return served.config;
  const file = configFile(entry.oid);
  const { config } = entry.kind === 'file' ? await readConfig(reader, file) : { config: undefined };
  return config ?? served?.config ?? (await lastGoodConfig(repository, reader, commit)) ?? {};
}

function configFile(blob: string): UnreadFile {
  return { path: CONFIG_PATH, blob, mode: 'file', kind: 'config' };
}

async function readConfig(
  reader: FileReader,
  { blob, path, kind, parsed: known }: UnreadFile,
): Promise<{ config: ConfigFile | undefined; problems: readonly Problem[] }> {
  if (kind !== 'config') return { config: undefined, problems: [notAFile()] };
  const parsed = known ?? (await reader.parse([{ kind, blob, path }]))[0]?.parsed;
  const problems = (parsed?.problems ?? []).map((problem) => ({ path, ...problem }));
  return { config: parsed?.value as ConfigFile | undefined, problems };
}

async function lastGoodConfig(
  repository: GitRepository,
  reader: FileReader,
  head: string,
): Promise<ConfigFile | undefined> {
  const tried = new Set<string>();
  let oid: string | undefined = head;
  try {
    for (let count = 0; oid !== undefined && count < MOST_COMMITS; count += 1) {
      const commit = await repository.readCommit(oid);
      const entry = (await repository.readTree(commit.tree)).find(({ name }) => name === CONFIG_PATH);
      if (entry === undefined) return undefined;
      const file = configFile(entry.oid);
      const known = tried.has(entry.oid) ? undefined : (await readConfig(reader, file)).config;
      if (known !== undefined) return known;
      tried.add(entry.oid);
      oid = commit.parents[0];
    }
  } catch (error) {
    // The end of a shallow clone: there is no more history to look at.
    if (!isDamage(error)) throw error;
  }
  return undefined;
}

async function located(
  reader: FileReader,
  { path, blob }: UnreadFile,
  findings: readonly Finding[],
): Promise<readonly Problem[]> {
  const files = [{ path, blob, mode: 'file', parsed: undefined }] as const;
  return positionedProblems(findings, files, await locateFindings(reader, findings, files, new Map()));
}

/** The problem of something at the path of the settings that is no file. */
export function notAFile(): Problem {
  const message = 'is no file: the settings of the repository must be one';
  return { path: CONFIG_PATH, line: 1, column: 1, code: 'NOT_A_FILE', severity: 'error', message };
}
