import type { Change } from '../../changes/change.js';
import { fileBroken } from '../../files/edit-refusal.js';
import { Failure } from '../../model/failure.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { JsonObject } from '../../model/values.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';
import type { WriteResult, Writer } from '../../repository/write-request.js';
import { readObject } from '../body.js';
import type { Asked } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { findMatching } from '../stale-write.js';
import { writeChanges } from '../write-changes.js';
import { preconditionsOf } from '../write-headers.js';
import type { WriteWords } from '../write-words.js';
import { fileAt } from './lookup.js';

/** What the admin API works on. */
export interface AdminOptions {
  readonly cache: FlagCache;
  readonly writer: Writer;
}

/** A project as it is served now, whatever was served when the request came. */
export interface CurrentProject {
  readonly served: ServedOrg;
  readonly project: ProjectSnapshot;
}

/** A file to be written. */
export interface WrittenFile {
  readonly path: string;
  /** The id of its blob in the commit that is served. */
  readonly blob: string;
}

/** A write that is worked out from what a file says. */
export interface ExactWrite {
  /** The file, looked up anew for each try. */
  readonly find: (current: CurrentProject) => WrittenFile;
  /** What is to be different, given what is there. */
  readonly changesOf: (current: CurrentProject) => readonly Change[];
  readonly words?: WriteWords;
}

/** So often somebody else's write may come first. */
const MOST_TRIES = 5;

/**
 * Writes changes that were worked out from exactly the version which they are written on: where others were quicker, they
 * are worked out again. Where the request named the version with `If-Match`, it fails instead. Throws what
 * `findMatching` and `writeChanges` do, and `Failure` CHANGED_MEANWHILE.
 */
export async function writeExactly(
  { cache, writer }: AdminOptions,
  asked: Asked,
  { find, changesOf, words }: ExactWrite,
): Promise<WriteResult> {
  const look = () => {
    const current = currentProject(cache, asked);
    return { current, flag: find(current) };
  };
  return untilFirst(cache, asked, async () => {
    const { current, flag } = await findMatching(cache, asked, look);
    const own = { path: flag.path, ifMatch: [flag.blob] };
    const preconditions = [own, ...preconditionsOf(asked, flag.path)];
    const write = { served: current.served, changes: changesOf(current), preconditions, ...words };
    return writeChanges(writer, asked.caller, write);
  });
}

/**
 * Writes again what was worked out from files that others changed first, until nobody does. Throws what `write` does, and
 * `Failure` CHANGED_MEANWHILE.
 */
export async function untilFirst<Result>(
  cache: FlagCache,
  { request }: Asked,
  write: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isOvertaken(error) || request.headers['if-match'] !== undefined) throw error;
      await cache.refresh();
    }
  }
  throw new Failure('conflict', 'CHANGED_MEANWHILE', 'others change the same file again and again');
}

/** The object that a write sends. Throws a `Failure` of kind `invalid` where there is none. */
export async function readWanted({ request }: Asked): Promise<JsonObject> {
  const body = await readObject(request);
  if (body !== undefined) return body;
  throw new Failure('invalid', 'INVALID_REQUEST', 'a body is wanted: a JSON object');
}

/** The project of the path, as it is served now. Throws `Failure` PROJECT_NOT_FOUND where it went meanwhile. */
export function currentProject(cache: FlagCache, asked: Asked): CurrentProject {
  const { key } = projectOf(asked);
  const served = cache.orgs.get(orgOf(asked).snapshot.key);
  const project = served?.snapshot.projects.get(key);
  if (served !== undefined && project !== undefined) return { served, project };
  throw new Failure('not-found', 'PROJECT_NOT_FOUND', `project ${key}: not found`);
}

/**
 * What a flag's or a segment's file says in the commit that is served, also where an older version of it is what is
 * served. Throws `Failure` FILE_BROKEN where it says nothing.
 */
export function fileNow(served: ServedOrg, path: string) {
  const parsed = fileAt(served, path)?.parsed;
  if (parsed?.value !== undefined) return parsed;
  throw fileBroken(
    served.problems.filter((problem) => problem.path === path && problem.severity === 'error'),
  );
}

/** What the write left of the project. Throws `Failure` CHANGED_MEANWHILE where nothing of it can be served. */
export function projectAfter({ served, commit }: WriteResult, asked: Asked): CurrentProject {
  const project = served?.snapshot.projects.get(projectOf(asked).key);
  if (served !== undefined && project !== undefined) return { served, project };
  throw changedMeanwhile(commit);
}

/** The refusal to show what a write left, where that is not served. */
export function changedMeanwhile(commit: string): Failure {
  const sentence = `written in ${commit}, and not served because of what others changed`;
  return new Failure('conflict', 'CHANGED_MEANWHILE', sentence);
}

function isOvertaken(error: unknown): boolean {
  return error instanceof Failure && error.code === 'PRECONDITION_FAILED';
}
