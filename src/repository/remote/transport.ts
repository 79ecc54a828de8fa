/** A remote repository's address, taken apart: what may be shown is apart from what may not. */
export interface RemoteAddress {
  /** Without name and password: `https://git.example.com/acme/flags.git`, `git@git.example.com:acme/flags.git`. */
  readonly url: string;
  readonly kind: 'http' | 'ssh' | 'file';
  /** The name and password of the address, never written to disk, shown or passed as an argument. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** What is asked of the remote: its refs by full name, and under which full name of this clone each is noted. */
export interface FetchRequest {
  readonly refs: ReadonlyMap<string, string>;
  /** The most commits that are brought of each, for a clone; all where it is left out. */
  readonly depth?: number | undefined;
}

/** By the remote's ref, its commit; undefined where the remote has no such ref. All of each commit is in this clone. */
export type Fetched = ReadonlyMap<string, string | undefined>;

/** One ref of the remote that is to move. */
export interface PushRequest {
  /** The full name on the remote: `refs/heads/main`. */
  readonly ref: string;
  /** Its objects are on disk. It stands on what is expected there: never a force. */
  readonly commit: string;
  /**
   * What the remote's ref must be at, else it has moved: also where it was set back to an older commit, which a push would
   * bring to life again. Undefined where it must not be there.
   */
  readonly expected: string | undefined;
}

/** What the remote says to a push. */
export type Pushed =
  | { readonly kind: 'pushed' }
  /** The ref is elsewhere by now: somebody else was first. */
  | { readonly kind: 'moved' }
  /** A rule or a hook there does not take it. The reason is the remote's, in a line, without secrets. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * One way to a remote repository. Both throw `Failure` of kind `busy`: REMOTE_UNREACHABLE (the network, a time limit, an
 * answer that breaks off; of a push nobody knows then), REMOTE_DENIED (its credentials do not suffice; of a push nothing
 * was sent then), REMOTE_UNSUPPORTED (objects named by SHA-256), GIT_LOCKED (a ref of this clone is locked); and DISK_FULL.
 * No message has the credentials in it. A signal that aborts is REMOTE_UNREACHABLE.
 */
export interface Transport {
  /** Git's own program, or isomorphic-git. */
  readonly name: 'git' | 'isomorphic-git';
  /** The branch that HEAD names there, without `refs/heads/`; undefined where it names none that has a commit. */
  defaultBranch(signal: AbortSignal): Promise<string | undefined>;
  /** Where a ref of the remote is, by its full name; undefined where there is none. Nothing is brought here. */
  tipOf(ref: string, signal: AbortSignal): Promise<string | undefined>;
  fetch(request: FetchRequest, signal: AbortSignal): Promise<Fetched>;
  push(request: PushRequest, signal: AbortSignal): Promise<Pushed>;
}
