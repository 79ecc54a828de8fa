import { CONFIG_PATH, judgeConfig } from '../files/config.js';
import type { Finding } from '../files/parsed.js';
import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { isDamage } from './damage.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import type { Listing, UnreadFile } from './listing.js';
import { locateFindings, positionedProblems } from './positions.js';

/** The settings of the whole repository, and what is wrong with them. */
export interface Settings {
  readonly config: ConfigFile;
  readonly problems: readonly Problem[];
}

/** What there is before anything was read. */
const NO_SETTINGS: Settings = { config: {}, problems: [] };

/** How many older commits are looked at for settings that were good. */
const MOST_COMMITS = 1_000;

interface SettingsRead {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly listing: Listing;
  /** Undefined in the first load, which looks for good settings in history. */
  readonly previous: Settings | undefined;
  /** The commit to look back from. */
  readonly history: string | undefined;
}

/** Reads the settings; broken ones leave the last good ones in force. */
export async function readSettings({
  repository,
  reader,
  listing,
  previous,
  history,
}: SettingsRead): Promise<Settings> {
  if (listing.config === undefined) return NO_SETTINGS;
  const { config, problems } = await readConfig(reader, listing.config);
  if (config === undefined) {
    const lastGood = previous?.config ?? (history && (await lastGoodConfig(repository, reader, history)));
    return { config: lastGood || {}, problems };
  }
  const findings = judgeConfig(config, [...listing.versions.keys()] as OrgKey[]);
  return { config, problems: [...problems, ...(await located(reader, listing.config, findings))] };
}

async function readConfig(
  reader: FileReader,
  { blob, path, kind }: UnreadFile,
): Promise<{ config: ConfigFile | undefined; problems: readonly Problem[] }> {
  if (kind !== 'config') return { config: undefined, problems: [notAFile()] };
  const [result] = await reader.parse([{ kind, blob, path }]);
  const problems = (result?.parsed.problems ?? []).map((problem) => ({ path, ...problem }));
  return { config: result?.parsed.value as ConfigFile | undefined, problems };
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
      const file: UnreadFile = { path: CONFIG_PATH, blob: entry.oid, mode: 'file', kind: 'config' };
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

function notAFile(): Problem {
  const message = 'is no file: the settings of the repository must be one';
  return { path: CONFIG_PATH, line: 1, column: 1, code: 'NOT_A_FILE', severity: 'error', message };
}
