import { identityOf } from '../../files/checks/new-problems.js';
import { judgePolicyEnvironments } from '../../files/checks/policy-environments.js';
import { CONFIG_PATH, judgeConfig } from '../../files/config.js';
import { judgeOrgs } from '../../files/load.js';
import type { LoadedOrg } from '../../files/loaded.js';
import { locateFindings } from '../../files/locate.js';
import type { Finding } from '../../files/parsed.js';
import type { ConfigFile } from '../../model/config.js';
import type { OrgKey } from '../../model/keys.js';
import type { Problem } from '../../model/problem.js';
import type { OrgSnapshot } from '../../model/snapshot.js';
import type { GitRepository } from '../git.js';
import { notAFile } from '../settings.js';
import { loadPart } from './load-part.js';
import { valueAt } from './project-files.js';
import { allOf, type Reached, reachedIn } from './reached.js';
import { readVersions, type TreeVersion, type TreeVersions } from './tree-versions.js';

/** One version, of which only what a change reaches is read. */
export interface PartialVersion {
  readonly config: ConfigFile;
  /** Those that the change reaches. What it does not reach in them is there by name alone. */
  readonly orgs: readonly OrgSnapshot[];
  /** What `load` says of what is reached, by path, then line. */
  readonly problems: readonly Problem[];
  /** The text of a file; undefined where it is not there. */
  readonly textOf: (path: string) => string | undefined;
}

/** What a change reaches, as it was and as it is. */
export interface Since {
  readonly before: PartialVersion;
  readonly after: PartialVersion;
  /** The paths of which something else may be said now. */
  readonly reached: ReadonlySet<string>;
  /** Those that are in the work tree, in order. */
  readonly paths: readonly string[];
}

/** What is compared. */
export interface SinceInput {
  readonly repository: GitRepository;
  /** The older version; undefined where there was nothing. */
  readonly commit: string | undefined;
  /** Where the newer one lies. */
  readonly workDir: string;
  /** Epoch milliseconds, for both. */
  readonly now: number;
}

/**
 * Loads of a commit and of the work tree what differs, what that asks and who asks it, so that what is said of it in full
 * loads of both is said here too. Throws `Failure` REPOSITORY_DAMAGED where git has lost a file of the commit.
 */
export async function openSince({ repository, commit, workDir, now }: SinceInput): Promise<Since> {
  return loadSince(await readVersions(repository, { commit, workDir }), now);
}

/** The same of versions that are listed already. */
export async function loadSince(versions: TreeVersions, now: number): Promise<Since> {
  const parts: Part[] = [];
  for (const org of orgsReached(versions)) parts.push(await loadOrg(versions, org, now));
  const judged = parts.flatMap(({ reached }) => [...reached.judged]);
  const reached = new Set(isConfigJudged(versions) ? [CONFIG_PATH, ...judged] : judged);
  const side = (name: 'before' | 'after'): PartialVersion =>
    partialVersion({
      version: versions[name],
      reached,
      loaded: parts.map((part) => part[name]),
      isConfigJudged: isConfigJudged(versions),
    });
  return {
    before: side('before'),
    after: side('after'),
    reached,
    paths: [...reached].filter((path) => versions.after.files.has(path)).sort(),
  };
}

/** An organization in both versions. */
interface Part {
  readonly reached: Reached;
  readonly before: LoadedOrg;
  readonly after: LoadedOrg;
}

/** The settings say how everything is judged; ids of organizations are compared with each other. */
function orgsReached(versions: TreeVersions): readonly OrgKey[] {
  const orgs = [...new Set([...versions.before.orgs.keys(), ...versions.after.orgs.keys()])].sort();
  if (isAllReached(versions) || isFrameChanged(versions, /^flags\/[^/]+\/org\.yaml$/)) return orgs;
  const changed = new Set([...versions.changed].map((path) => path.split('/')[1]));
  return orgs.filter((org) => changed.has(org));
}

function isAllReached(versions: TreeVersions): boolean {
  if (versions.changed.has(CONFIG_PATH)) return true;
  const isRuled = valueAt(versions.after, CONFIG_PATH, 'config')?.policy !== undefined;
  return (
    isRuled && (isFrameChanged(versions, /^flags\/[^/]+\/[^/]+\/project\.yaml$/) || isOrgSetChanged(versions))
  );
}

function isFrameChanged({ changed }: TreeVersions, pattern: RegExp): boolean {
  return [...changed].some((path) => pattern.test(path));
}

/** What the settings name may have come or gone. */
function isConfigJudged(versions: TreeVersions): boolean {
  return isAllReached(versions) || isOrgSetChanged(versions);
}

function isOrgSetChanged({ before, after }: TreeVersions): boolean {
  return [...before.orgs.keys()].join() !== [...after.orgs.keys()].join();
}

async function loadOrg(versions: TreeVersions, org: OrgKey, now: number): Promise<Part> {
  const whole = () => loadReached(versions, { org, reached: allOf(versions, org), now });
  if (isAllReached(versions)) return whole();
  const part = await loadReached(versions, { org, reached: withOrgFile(reachedIn(versions, org), org), now });
  return isWholeNeeded(versions, org, part) ? whole() : part;
}

function withOrgFile(reached: Reached, org: OrgKey): Reached {
  const path = `flags/${org}/org.yaml`;
  return { judged: new Set([...reached.judged, path]), read: new Set([...reached.read, path]) };
}

interface Loading {
  readonly org: OrgKey;
  readonly reached: Reached;
  readonly now: number;
}

async function loadReached({ before, after }: TreeVersions, loading: Loading): Promise<Part> {
  return {
    reached: loading.reached,
    before: await loadPart({ version: before, ...loading }),
    after: await loadPart({ version: after, ...loading }),
  };
}

/**
 * Which cycle is told depends on all who lead to it. That nobody uses a segment is told where every file can be read, so
 * a file that can be read again, and a segment that nobody uses any more, ask for all of them.
 */
function isWholeNeeded(versions: TreeVersions, org: OrgKey, { reached, before, after }: Part): boolean {
  if ([...before.findings, ...after.findings].some(({ code }) => code === 'CYCLE')) return true;
  const known = new Set(before.findings.map(identityOf));
  const isUnused = (finding: Finding): boolean =>
    finding.code === 'UNUSED_SEGMENT' && reached.judged.has(finding.path) && !known.has(identityOf(finding));
  return after.findings.some(isUnused) || isRepaired(versions, org);
}

function isRepaired({ before, changed }: TreeVersions, org: OrgKey): boolean {
  return [...changed].some((path) => {
    if (!path.startsWith(`flags/${org}/`)) return false;
    const file = before.files.get(path);
    const isAsking = file?.kind === 'flag' || file?.kind === 'segment' || file?.mode !== 'file';
    return file !== undefined && isAsking && before.parse(path)?.value === undefined;
  });
}

interface VersionInput {
  readonly version: TreeVersion;
  readonly reached: ReadonlySet<string>;
  readonly loaded: readonly LoadedOrg[];
  readonly isConfigJudged: boolean;
}

function partialVersion({ version, reached, loaded, isConfigJudged }: VersionInput): PartialVersion {
  const textOf = (path: string): string | undefined => version.bytesOf(path)?.toString('utf8');
  const orgs = loaded.flatMap(({ snapshot }) => snapshot ?? []);
  const config = valueAt(version, CONFIG_PATH, 'config') ?? {};
  const findings = [
    ...loaded.flatMap((org) => org.findings),
    ...judgeOrgs(orgs),
    ...(isConfigJudged
      ? [...judgeConfig(config, [...version.orgs.keys()]), ...judgePolicyEnvironments(config, orgs)]
      : []),
  ];
  const problems = [
    ...settingsProblems(version),
    ...loaded.flatMap((org) => org.problems),
    ...locateFindings(
      findings.filter(({ path }) => reached.has(path)),
      textOf,
    ),
  ].filter(({ path }) => reached.has(path));
  return { config, orgs, problems: [...version.strays, ...problems], textOf };
}

function settingsProblems(version: TreeVersion): readonly Problem[] {
  const file = version.files.get(CONFIG_PATH);
  if (file !== undefined && file.kind === undefined) return [notAFile()];
  return (version.parse(CONFIG_PATH)?.problems ?? []).map((problem) => ({ path: CONFIG_PATH, ...problem }));
}
