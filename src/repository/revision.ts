import { Failure } from '../model/failure.js';
import type { Commit } from './commit.js';
import { damaged } from './damage.js';
import type { GitRepository } from './git.js';
import { readBoundary } from './history-walk.js';
import { lastMomentOf, type ParentStep, parseRevision } from './revision-name.js';
import { readNamedRef } from './revision-refs.js';
import { pause } from './slices.js';

/** Tells which commit was served at a moment. */
export interface Timeline {
  /** The newest commit that was there then, in seconds since 1970; undefined before the first. */
  commitAt(seconds: number): string | undefined | Promise<string | undefined>;
}

/** A commit that was found, and the moment in epoch milliseconds where one was named. */
interface Resolved {
  readonly commit: string;
  readonly now: number | undefined;
}

const WHOLE_ID = /^[0-9a-f]{40}$/i;
/** Git takes four digits and more; so few stop being unique while somebody keeps them in a ticket. */
const SHORT_ID = /^[0-9a-f]{7,39}$/i;
/** A tag may name a tag; so many are followed. */
const TAG_DEPTH = 16;
/** What ends the message of what a shallow clone may lack. */
export const UNSHALLOW = '`git fetch --unshallow` brings what a shallow clone lacks';

/**
 * The commit that a text means, as git reads it (gitrevisions) and without the git program: a whole id, else a ref, else
 * a day, else an id's first digits. Throws `Failure` INVALID_REVISION, REVISION_NOT_FOUND or REPOSITORY_DAMAGED.
 */
export async function resolveRevision(
  repository: GitRepository,
  timeline: Timeline,
  text: string,
): Promise<Resolved> {
  const revision = parseRevision(text);
  const asked = { repository, timeline, text };
  if (revision.kind === 'time') return resolveTime(asked, revision.now);
  const { name, steps } = revision;
  const named = await resolveName(repository, name);
  const day = lastMomentOf(name);
  if (named === undefined && day !== undefined && steps.length === 0) return resolveTime(asked, day);
  const commit = named ?? (await resolveId(repository, name));
  return { commit: await goBack(asked, commit, steps), now: undefined };
}

/** What is asked of which repository. */
interface Asked {
  readonly repository: GitRepository;
  readonly timeline: Timeline;
  readonly text: string;
}

async function resolveTime({ repository, timeline, text }: Asked, now: number): Promise<Resolved> {
  const commit = await timeline.commitAt(Math.floor(now / 1000));
  if (commit !== undefined) return { commit, now };
  const isShallow = readBoundary(repository) !== '';
  throw notFound(
    isShallow
      ? `${text}: before the first commit of this clone; ${UNSHALLOW}`
      : `${text}: before the first commit`,
  );
}

/** Undefined where the name is not that of a ref, nor a whole id. */
async function resolveName(repository: GitRepository, name: string): Promise<string | undefined> {
  if (WHOLE_ID.test(name)) return resolveId(repository, name);
  const oid = await readNamedRef(repository, name);
  if (oid === undefined) return undefined;
  const commit = await peel(repository, oid);
  if (commit === undefined) throw notFound(`${name}: names no commit`);
  return commit;
}

/**
 * The commit of a whole id, or of its first digits where one commit alone has them; a tag's id means what it names.
 * Throws `Failure` REVISION_NOT_FOUND or REPOSITORY_DAMAGED.
 */
export async function resolveId(repository: GitRepository, text: string): Promise<string> {
  const isId = WHOLE_ID.test(text) || SHORT_ID.test(text);
  const ids = isId ? await repository.findObjects(text.toLowerCase()) : [];
  const commits = new Set<string>();
  for (const id of ids) {
    const commit = await peel(repository, id);
    if (commit !== undefined) commits.add(commit);
  }
  const [only, ...others] = commits;
  if (only === undefined) throw notFound(`${text}: ${ids.length > 0 ? 'no commit' : 'not found'}`);
  if (others.length > 0) throw notFound(`${text}: ambiguous, it could be ${[...commits].join(' or ')}`);
  return only;
}

/** The commit that an object is or that a tag leads to; undefined for trees and blobs. */
async function peel(repository: GitRepository, start: string): Promise<string | undefined> {
  let oid = start;
  for (let depth = 0; depth < TAG_DEPTH; depth += 1) {
    const { type, bytes } = await repository.readObject(oid);
    if (type === 'commit') return oid;
    if (type !== 'tag') return undefined;
    const target = /^object ([0-9a-f]{40})$/m.exec(bytes.toString('latin1'))?.[1];
    if (target === undefined) throw damaged(`tag ${oid} names no object`);
    oid = target;
  }
  return undefined;
}

async function goBack(
  { repository, text }: Asked,
  start: string,
  steps: readonly ParentStep[],
): Promise<string> {
  if (steps.length === 0) return start;
  const ends = readBoundary(repository).split('\n');
  let commit = await repository.readCommit(start);
  for (const { parent, times } of steps) {
    for (let count = 0; count < times; count += 1) {
      const oid = commit.parents[parent - 1];
      if (oid === undefined) throw notFound(`${text}: ${withoutParent(commit, parent)}`);
      // A shallow clone names parents that it does not have.
      if (ends.includes(commit.oid)) {
        throw notFound(`${text}: this clone does not have commit ${oid}; ${UNSHALLOW}`);
      }
      commit = await repository.readCommit(oid);
      await pause();
    }
  }
  return commit.oid;
}

function withoutParent({ oid, parents }: Commit, number: number): string {
  return parents.length === 0
    ? `commit ${oid} is the first, it has no parent`
    : `commit ${oid} has no parent ${number}`;
}

function notFound(message: string): Failure {
  return new Failure('not-found', 'REVISION_NOT_FOUND', `revision ${message}`);
}
