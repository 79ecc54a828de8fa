import { parseFile } from '../../files/parse.js';
import type { FileKind, ParsedFile } from '../../files/parsed.js';
import type { OrgKey } from '../../model/keys.js';
import type { Problem } from '../../model/problem.js';
import type { GitRepository } from '../git.js';
import { type Listing, listCommit, type UnreadFile } from '../listing.js';
import type { OrgVersions } from '../org-folders.js';
import { readPlainFile } from '../plain-file.js';
import { listWorkTree } from '../work-listing.js';

/** All files of one version of the flags. Nothing is parsed before somebody asks for it. */
export interface TreeVersion {
  /** By path: the settings, and the organizations that the change may say something of. */
  readonly files: ReadonlyMap<string, UnreadFile>;
  readonly orgs: Listing['versions'];
  readonly strays: readonly Problem[];
  bytesOf(path: string): Buffer | undefined;
  /** Undefined for what is not there, is no file, or is of no kind. The same bytes give the same object, in both versions. */
  parse(path: string): ParsedFile | undefined;
}

/** A commit, or nothing, and the work tree. */
export interface TreeVersions {
  readonly before: TreeVersion;
  readonly after: TreeVersion;
  /** The paths of files that are not the same in both. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Lists both. The bytes of the work tree say what changed, whatever is staged; files that are as git's index saw them need
 * not be read for that. Of the commit only what is another file there is read. Throws `Failure` REPOSITORY_DAMAGED where git has lost that.
 */
export async function readVersions(
  repository: GitRepository,
  { commit, workDir }: { readonly commit: string | undefined; readonly workDir: string },
): Promise<TreeVersions> {
  const older = commit === undefined ? NOTHING : await listCommit(repository, commit, NO_ORGS);
  const newer = await listWorkTree(workDir, repository);
  const { before, after, changed } = await compare(older, newer);
  const store = new ByteStore(workDir, after);
  for (const path of changed) {
    const file = before.get(path);
    if (file?.mode === 'file') store.add(file.blob, await repository.readBlob(file.blob));
  }
  return { before: store.version(older, before), after: store.version(newer, after), changed };
}

/** A folder whose place something else has taken is gone here, whatever history served last. */
const NO_ORGS: OrgVersions = new Map();

const NOTHING: Listing = {
  revision: 'nothing',
  versions: NO_ORGS,
  config: undefined,
  strays: [],
  filesOf: async () => [],
  changesSince: async () => undefined,
};

/** Files of both, and which differ. */
interface Compared {
  readonly before: ReadonlyMap<string, UnreadFile>;
  readonly after: ReadonlyMap<string, UnreadFile>;
  readonly changed: ReadonlySet<string>;
}

/** Looks into the organizations that differ; into all of them where the change may say something of the others. */
async function compare(older: Listing, newer: Listing): Promise<Compared> {
  const orgs = [...new Set([...older.versions.keys(), ...newer.versions.keys()])];
  const isInBoth = (org: OrgKey): boolean => older.versions.has(org) && newer.versions.has(org);
  const differing = orgs.filter((org) => older.versions.get(org) !== newer.versions.get(org));
  const compared = await compareOrgs(older, newer, differing);
  const isAboutAll = !orgs.every(isInBoth) || [...compared.changed].some((path) => !OF_A_FLAG.test(path));
  return isAboutAll ? compareOrgs(older, newer, orgs) : compared;
}

/** Flags, segments, overrides and tests say nothing of other organizations; settings, projects and names do. */
const OF_A_FLAG = /^flags\/[^/]+\/[^/]+\/[^/]+\//;

async function compareOrgs(older: Listing, newer: Listing, orgs: readonly OrgKey[]): Promise<Compared> {
  const [before, after] = [await filesOf(older, orgs), await filesOf(newer, orgs)];
  const paths = [...before.keys(), ...after.keys()];
  const changed = new Set(paths.filter((path) => !isSame(before.get(path), after.get(path))));
  return { before, after, changed };
}

async function filesOf(listing: Listing, orgs: readonly OrgKey[]): Promise<ReadonlyMap<string, UnreadFile>> {
  const files = new Map<string, UnreadFile>();
  if (listing.config !== undefined) files.set(listing.config.path, listing.config);
  for (const org of orgs) for (const file of await listing.filesOf(org)) files.set(file.path, file);
  return files;
}

function isSame(one: UnreadFile | undefined, other: UnreadFile | undefined): boolean {
  return one?.mode === other?.mode && (one?.mode === 'file' ? one.blob === other?.blob : one === other);
}

/** Bytes by the id of their blob, from the work tree or given. */
class ByteStore {
  readonly #workDir: string;
  /** Where the work tree has a blob. */
  readonly #paths: ReadonlyMap<string, string>;
  readonly #bytes = new Map<string, Buffer>();
  readonly #parsed = new Map<string, ParsedFile>();

  constructor(workDir: string, files: ReadonlyMap<string, UnreadFile>) {
    this.#workDir = workDir;
    this.#paths = new Map([...files.values()].map(({ path, blob }) => [blob, path]));
  }

  add(blob: string, bytes: Buffer): void {
    this.#bytes.set(blob, bytes);
  }

  version({ versions, strays }: Listing, files: ReadonlyMap<string, UnreadFile>): TreeVersion {
    return {
      files,
      orgs: versions,
      strays,
      bytesOf: (path) => this.#bytesOf(files.get(path)),
      parse: (path) => this.#parse(files.get(path)),
    };
  }

  #bytesOf(file: UnreadFile | undefined): Buffer | undefined {
    if (file?.mode !== 'file' || file.parsed !== undefined) return undefined;
    const known = this.#bytes.get(file.blob);
    const path = this.#paths.get(file.blob);
    if (known !== undefined || path === undefined) return known;
    const bytes = readPlainFile(`${this.#workDir}/${path}`);
    if (bytes !== undefined) this.#bytes.set(file.blob, bytes);
    return bytes;
  }

  #parse(file: UnreadFile | undefined): ParsedFile | undefined {
    if (file?.parsed !== undefined) return file.parsed;
    const bytes = file?.kind && this.#bytesOf(file);
    if (file?.kind === undefined || bytes === undefined) return undefined;
    const key = `${file.kind}:${file.blob}`;
    const parsed = this.#parsed.get(key) ?? parseFile<FileKind>(file.kind, bytes);
    this.#parsed.set(key, parsed);
    return parsed;
  }
}
