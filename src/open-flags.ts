import { openCache } from './repository/cache.js';
import { type GitRepository, openRepository } from './repository/git.js';
import { readOnlyWriter } from './repository/read-only-writer.js';
import { parseRemote } from './repository/remote/address.js';
import { openClone } from './repository/remote/clone-into.js';
import { followedBranch } from './repository/remote/followed-branch.js';
import type { Follower } from './repository/remote/follower.js';
import type { WriterRemote } from './repository/remote/remote.js';
import type { RemoteOptions } from './repository/remote/remote-options.js';
import { openRemoteWay, type RemoteWay } from './repository/remote/remote-way.js';
import type { RemoteAddress } from './repository/remote/transport.js';
import { unaskedRemote } from './repository/remote/unasked-remote.js';
import { openRevokedTokens, type RevokedTokens } from './repository/revoked-tokens.js';
import type { FlagCache } from './repository/served.js';
import { commitOfRef } from './repository/shown-ref.js';
import type { RepositoryWriter } from './repository/write-request.js';
import { openWriter } from './repository/writer.js';

/** Whose flags, and how they are followed. */
export interface FlagsOptions {
  /** The repository's folder. */
  readonly repo: string;
  /** The branch to serve; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** A revision that is only shown; with a remote, a branch of that. */
  readonly ref?: string | undefined;
  readonly worktree?: boolean | undefined;
  readonly remote?: RemoteOptions | undefined;
  /** Gives up a clone that is being made. */
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** What is served, what writes it, and the remote that both follow. */
export interface OpenedFlags {
  readonly repository: GitRepository;
  /** The branch that is served; undefined where it is whichever is checked out. */
  readonly branch: string | undefined;
  readonly cache: FlagCache;
  readonly writer: RepositoryWriter;
  readonly revoked: RevokedTokens;
  readonly remote: Follower | undefined;
  /** Refuses writes that have not begun, and those that still wait for the remote in a second. */
  endWrites(): Promise<void>;
  /** Lets the write that runs end, and gives everything back. */
  close(): Promise<void>;
}

interface WayOptions {
  readonly address: RemoteAddress | undefined;
  readonly branch: string | undefined;
  readonly tokens: RevokedTokens;
}

type Ends = (() => void | Promise<void>)[];

/**
 * Opens the repository, which is cloned first where a remote is named and nothing is there. A remote that does not answer
 * is in the way of that clone alone. Throws a `Failure` where the folder is no repository and becomes none.
 */
export async function openFlags(options: FlagsOptions): Promise<OpenedFlags> {
  const address = options.remote && parseRemote(options.remote.url);
  const repository = await (address === undefined ? openRepository(options.repo) : cloneOf(address, options));
  const ends: Ends = [];
  try {
    const { ref } = options;
    const parts = { address, ends };
    return await (ref === undefined
      ? openParts(repository, options, parts)
      : openShown(repository, { ...options, ref }, parts));
  } catch (error) {
    await endAll(ends);
    throw error;
  }
}

function cloneOf(address: RemoteAddress, options: FlagsOptions): Promise<GitRepository> {
  const { repo: dir, remote, log, ref, branch = ref, signal = new AbortController().signal } = options;
  return openClone({ dir, address, branch, depth: remote?.depth, signal, log });
}

/** Whatever is opened is noted in `ends`. Throws `Failure` REVISION_NOT_FOUND where there is no such revision. */
async function openShown(
  repository: GitRepository,
  options: FlagsOptions & { readonly ref: string },
  { address, ends }: { readonly address: RemoteAddress | undefined; readonly ends: Ends },
): Promise<OpenedFlags> {
  const { ref, log, now } = options;
  if (address === undefined) await commitOfRef(repository, ref);
  const revoked = openRevokedTokens({ repository, now, log });
  ends.push(() => revoked.close());
  const way = await openWay(repository, options, { address, branch: ref, tokens: revoked });
  ends.push(() => way?.close());
  const cache = await openCache({ repository, ref: way?.forWriter.trackingRef ?? ref, log, now });
  ends.push(() => cache.close());
  const writer = readOnlyWriter(ref, cache);
  const remote = way?.follow(writer);
  ends.push(() => remote?.close());
  const endWrites = (): Promise<void> => writer.close();
  return {
    repository,
    branch: undefined,
    cache,
    writer,
    revoked,
    remote,
    endWrites,
    close: () => endAll(ends),
  };
}

/** Whatever is opened is noted in `ends`. */
async function openParts(
  repository: GitRepository,
  options: FlagsOptions,
  { address, ends }: { readonly address: RemoteAddress | undefined; readonly ends: Ends },
): Promise<OpenedFlags> {
  const { worktree, log, now } = options;
  const branch = address === undefined ? options.branch : followedBranch(repository, options.branch);
  const revoked = openRevokedTokens({ repository, now, log });
  ends.push(() => revoked.close());
  const way = await openWay(repository, options, { address, branch, tokens: revoked });
  ends.push(() => way?.close());
  const cache = await openCache({ repository, branch, worktree, log, now });
  ends.push(() => cache.close());
  const forWriter = way?.forWriter ?? (await openUnasked(repository, options));
  const writer = await openWriter({ repository, branch, cache, now, remote: forWriter });
  const remote = way?.follow(writer);
  // Each may wait for the other: the follower for its turn in the queue, the writer for the remote.
  let writesEnd: Promise<void> | undefined;
  const endWrites = (): Promise<void> => {
    writesEnd ??= writer.close();
    return writesEnd;
  };
  ends.push(async () => void (await Promise.all([remote?.close(), endWrites()])));
  return { repository, branch, cache, writer, revoked, remote, endWrites, close: () => endAll(ends) };
}

async function openWay(
  repository: GitRepository,
  { remote, log, now }: FlagsOptions,
  { address, branch, tokens }: WayOptions,
): Promise<RemoteWay | undefined> {
  if (remote === undefined || address === undefined || branch === undefined) return undefined;
  return openRemoteWay({ repository, address, branch, remote, tokens, log, now });
}

/** A clone that followed a remote, and is served without it for now. */
async function openUnasked(
  repository: GitRepository,
  { log, now }: FlagsOptions,
): Promise<WriterRemote | undefined> {
  const unasked = await unaskedRemote(repository, now);
  if (unasked === undefined) return undefined;
  const { url, pending } = unasked;
  log(
    `this clone follows ${url}, which is not named now: ${pending.count} pending, and so is what is written`,
  );
  return unasked;
}

/** The last first. */
async function endAll(ends: Ends): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}
