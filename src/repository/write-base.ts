import { FLAGS_FOLDER, pathOf } from '../files/paths.js';
import type { ConfigFile } from '../model/config.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { WritableCache } from './adoption.js';
import type { CommitChain } from './commit-chain.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { listTree } from './listing.js';
import { compileOrg, loadOrg, type OrgState } from './org-build.js';
import { knownFiles, readOrgFiles } from './org-files.js';
import { orgVersion } from './org-folders.js';
import { configAt } from './settings.js';
import { fileInTree } from './tree-edit.js';

/** What a write starts from: one organization of one commit, which need not be on disk yet. */
export interface WriteBase {
  readonly commit: string;
  readonly tree: string;
  readonly org: OrgKey;
  /** What `load` made of exactly these files. */
  readonly state: OrgState;
  /** The settings in force: levels and policy. */
  readonly config: ConfigFile;
  /** The other organizations, as they are served. */
  readonly others: readonly OrgSnapshot[];
  /** True where `schemas/flag.json` is in the commit. */
  readonly hasSchemas: boolean;
  /** Has the objects of that commit. */
  readonly repository: GitRepository;
}

/** Where it is read from. */
export interface BaseSource {
  readonly cache: WritableCache;
  readonly reader: FileReader;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The organization as the tip of the chain has it. What is served of exactly that is not loaded again. A file that git
 * has lost is a broken one, and stops only writes to itself. Throws `Failure` ORG_NOT_FOUND, and NOT_A_FILE where a
 * link has the place of its folder.
 */
export async function readBase(from: BaseSource, chain: CommitChain, org: OrgKey): Promise<WriteBase> {
  const { repository } = chain;
  const { commit, tree } = chain.tip;
  const version = await orgVersion(repository, tree, org);
  if (version === undefined) {
    await fileInTree(repository, tree, pathOf({ kind: 'org', org }));
    throw new Failure('not-found', 'ORG_NOT_FOUND', `there is no organization ${org}`);
  }
  const known = chain.stateOf(org) ?? from.cache.states.get(org);
  const state = known?.version === version ? known : await readState(from, repository, { org, version });
  const { reader, cache } = from;
  const config = await configAt({ repository, reader, commit, tree, served: cache.settings });
  const others = [...cache.states.values()].filter((other) => other.org !== org);
  return {
    commit,
    tree,
    org,
    state,
    repository,
    config,
    others: others.flatMap(({ served }) => served?.snapshot ?? []),
    hasSchemas: await hasSchema(repository, tree),
  };
}

/** The blob of a file of the base, or undefined where it is not there. */
export function blobAt(base: WriteBase, path: string): string | undefined {
  return base.state.read.files.find((file) => file.path === path)?.blob;
}

interface Version {
  readonly org: OrgKey;
  readonly version: string;
}

/** For a cache that serves something else, such as the work tree. */
async function readState(
  { cache, reader, now }: BaseSource,
  repository: GitRepository,
  { org, version }: Version,
): Promise<OrgState> {
  const unread = await listTree(repository, version, `${FLAGS_FOLDER}/${org}/`);
  const served = cache.states.get(org);
  const read = await readOrgFiles(reader, unread, served === undefined ? new Map() : knownFiles(served.read));
  const making = { org, revision: version, version, read, previous: undefined, now: now() };
  return compileOrg(making, await loadOrg(making));
}

async function hasSchema(repository: GitRepository, tree: string): Promise<boolean> {
  const folder = (await repository.readTree(tree)).find((entry) => entry.name === 'schemas');
  if (folder?.kind !== 'tree') return false;
  return (await repository.readTree(folder.oid)).some(
    (entry) => entry.name === 'flag.json' && entry.kind === 'file',
  );
}
