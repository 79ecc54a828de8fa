import type { Change } from '../changes/change.js';
import type { OrgKey } from '../model/keys.js';
import type { GitRepository } from './git.js';
import type { FlagCache } from './served.js';

/** A name and an address, as a commit shows them. Control characters and `<>` are refused with `Failure` INVALID_IDENTITY. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** What somebody wants written. */
export interface WriteRequest {
  readonly org: OrgKey;
  readonly author: Identity;
  readonly changes: readonly Change[];
  /** The caller's own words, below the subject. */
  readonly message?: string;
  /** The blob ids of which the first change's file must have one, or `*`: the file must be there. */
  readonly ifMatch?: readonly string[] | '*';
  /** `*`: the first change's file must not be there. */
  readonly ifNoneMatch?: '*';
  /** More trailers for machines, by name: `Flagstaff-Request`. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** What became of it. */
export interface WriteResult {
  /** The commit; the head where nothing changed. */
  readonly commit: string;
  /** False where the files said so already; then there is no commit. */
  readonly changed: boolean;
  /** The paths that the changes are about: written, removed, or found to be as wanted. */
  readonly paths: readonly string[];
  /** By path, the ids of those that are there now. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Turns changes into commits, one after the other. */
export interface Writer {
  /** Fulfils when the commit is durable and served. Throws `Failure` for expected refusals; then nothing has changed. */
  write(request: WriteRequest): Promise<WriteResult>;
  /** Refuses new writes, and fulfils when those that run have ended. */
  close(): Promise<void>;
}

/** What a writer needs. */
export interface WriterOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  /** Who commits; `Flagstaff <flagstaff@flagstaff.invalid>` where it is left out. */
  readonly committer?: Identity;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
}

/** Opens the writer: one for each clone. Heals what a crash left behind. */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  throw new Error(`not yet: ${options.repository.gitDir}`);
}
