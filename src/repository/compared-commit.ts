import { load } from '../files/load.js';
import type { ParsedFile } from '../files/parsed.js';
import type { OrgKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import { damaged } from './damage.js';
import { FileReader } from './file-reader.js';
import { type GitRepository, openRepository } from './git.js';
import { type Listing, listCommit } from './listing.js';
import { type KnownFiles, readOrgFiles } from './org-files.js';
import { parsedKey } from './parsed-store.js';
import { servedSource } from './served-source.js';
import { drain } from './slices.js';
import type { FlagSource } from './source.js';
import type { CommitSource } from './work-tree-follower.js';
import type { DirectoryOrg, LoadedDirectory } from './worktree.js';

/** What a commit has. */
export interface Committed {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** What is broken there is not in them. */
  readonly orgs: readonly OrgSnapshot[];
}

/** What a work tree is compared with: the commit that a revision names now. */
export interface ComparedCommit {
  /** What says where it is. */
  readonly source: CommitSource;
  /**
   * Undefined before the first commit. Only what the work tree does not have is read, and once for each commit. Throws
   * `Failure` where the revision is gone, or git has lost a file of it.
   */
  load(beside: Beside): Promise<Committed | undefined>;
}

/** What stands beside the commit. */
interface Beside {
  /** What both have is read and judged once. */
  readonly loaded: LoadedDirectory;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Gives it up: it rejects then. */
  readonly signal: AbortSignal;
}

/**
 * Opens the repository whose top folder this is, to compare with a branch, a tag, a commit or a ref; with HEAD where it is
 * left out. Throws `Failure` NO_REPOSITORY, and for a revision that cannot be found.
 */
export async function openCompared(dir: string, revision: string | undefined): Promise<ComparedCommit> {
  const repository = await openRepository(dir);
  const compared = new Compared(repository, servedSource({ repository, ref: revision }));
  if (revision !== undefined) await compared.source.look();
  return compared;
}

/** What was loaded last. */
interface Kept extends Committed {
  readonly byKey: ReadonlyMap<OrgKey, KeptOrg>;
}

/** An organization as a version of its folder has it; nothing where that holds none. */
interface KeptOrg {
  readonly version: string;
  readonly snapshot: OrgSnapshot | undefined;
}

class Compared implements ComparedCommit {
  readonly source: FlagSource;
  readonly #repository: GitRepository;
  #kept: Kept | undefined;

  constructor(repository: GitRepository, source: FlagSource) {
    this.#repository = repository;
    this.source = source;
  }

  async load(beside: Beside): Promise<Committed | undefined> {
    const { head: commit } = await this.source.look();
    if (commit === undefined) return undefined;
    if (commit !== this.#kept?.commit) this.#kept = await this.#loadCommit(commit, beside);
    return this.#kept;
  }

  /** An organization in which the next commit changed nothing stays the same object. */
  async #loadCommit(commit: string, { loaded, now, signal }: Beside): Promise<Kept> {
    const listing = await listCommit(this.#repository, commit);
    const reader = new FileReader(this.#repository);
    const giveUp = (): void => void reader.close();
    signal.addEventListener('abort', giveUp);
    const byKey = new Map<OrgKey, KeptOrg>();
    try {
      for (const [org, version] of listing.versions) {
        const known = this.#kept?.byKey.get(org);
        const reading = { listing, reader, org, loaded, now, signal };
        byKey.set(org, known?.version === version ? known : { version, snapshot: await loadOrg(reading) });
      }
    } finally {
      signal.removeEventListener('abort', giveUp);
      await reader.close();
    }
    return { commit, byKey, orgs: [...byKey.values()].flatMap(({ snapshot }) => snapshot ?? []) };
  }
}

interface OrgReading extends Beside {
  readonly listing: Listing;
  readonly reader: FileReader;
  readonly org: OrgKey;
}

/** What is broken in the commit keeps no other version: that of the work tree is none to compare it with. */
async function loadOrg({ listing, reader, org, loaded, now, signal }: OrgReading) {
  const known = parsedIn(loaded.orgs.get(org));
  const { files, unreadable } = await readOrgFiles(reader, await listing.filesOf(org), known);
  const [lost] = unreadable;
  if (lost !== undefined)
    throw damaged(`object ${lost.blob}, ${lost.path} in commit ${listing.revision}, cannot be read`);
  return (await drain(load({ org, files, previous: undefined, now }), signal)).snapshot;
}

function parsedIn(org: DirectoryOrg | undefined): KnownFiles {
  const known = new Map<string, ParsedFile>();
  for (const { blob, parsed } of org?.files ?? [])
    if (parsed !== undefined) known.set(parsedKey(parsed.kind, blob), parsed);
  return known;
}
