import { join } from 'node:path';
import { type CacheFileHead, readCacheFile, writeCacheFile } from './cache-file.js';
import type { HistoryCommit } from './commit-history.js';
import { HistoryIndex, orgsOf } from './history-index.js';
import type { Identity } from './identity.js';
import { pause } from './slices.js';

/** One line holds so many commits, or names, */
const ITEMS_A_LINE = 500;
/** and commits only until they touched so many files: reading a line is one piece of work. */
const EVENTS_A_LINE = 2_000;

/** A commit, and the paths that it touched, as places in the list of paths; its author is a place in that of authors. */
type StoredCommit = readonly [
  oid: string,
  seconds: number,
  author: number,
  subject: string,
  body: string,
  reason: string | null,
  force: string | null,
  user: string | null,
  paths: readonly number[],
  mergedParents: readonly string[],
];

/** What of the history is on disk: lines of names, then lines of commits, oldest first. */
type Line =
  | { readonly authors: readonly Identity[] }
  | { readonly paths: readonly string[] }
  /** What is at the paths now: 21 bytes each, in base64. */
  | { readonly commits: readonly StoredCommit[]; readonly states: string };

interface Place {
  readonly stateDir: string;
}

/** The history that was kept, or undefined where there is none that can be used. Read in slices. */
export async function readHistory(place: Place, boundary: string): Promise<HistoryIndex | undefined> {
  const lines = readCacheFile(pathIn(place), headOf(boundary));
  if (lines === undefined) return undefined;
  const index = new HistoryIndex(boundary);
  const authors: Identity[] = [];
  const paths: string[] = [];
  for (const text of lines) {
    const line = JSON.parse(text) as Line;
    if ('authors' in line) authors.push(...line.authors);
    else if ('paths' in line) paths.push(...line.paths);
    else addCommits(index, line, { authors, paths });
    await pause();
  }
  return index;
}

/**
 * Writes those commits that are there now; others may come meanwhile. Where the disk refuses, or the chain is cut
 * meanwhile, the next start walks again.
 */
export async function writeHistory(place: Place, index: HistoryIndex): Promise<void> {
  await writeCacheFile(pathIn(place), headOf(index.boundary), linesOf(index)).catch(() => undefined);
}

function addCommits(
  index: HistoryIndex,
  line: Extract<Line, { readonly commits: unknown }>,
  names: { readonly authors: readonly Identity[]; readonly paths: readonly string[] },
): void {
  let states = Buffer.from(line.states, 'base64');
  for (const [oid, seconds, author, ...rest] of line.commits) {
    const [subject, body, reason, force, user, paths, mergedParents] = rest;
    const by = names.authors[author] ?? { name: '', email: '' };
    const trailers = { reason: reason ?? undefined, force: force ?? undefined, user: user ?? undefined };
    const orgs = orgsOf(paths.map((place) => names.paths[place] ?? ''));
    index.appendCommit({ oid, author: by, seconds, mergedParents, orgs, subject, body, ...trailers });
    states = states.subarray(index.events.appendColumns(names.paths, paths, states));
  }
}

/** Throws where the chain is cut between two lines: the next one would be of another chain. */
function* linesOf(index: HistoryIndex): Generator<string> {
  const { authors, cuts } = index;
  const chain = [...index.chain];
  const places = new Map(authors.map((author, place) => [author, place]));
  for (const chunk of chunks(authors)) yield JSON.stringify({ authors: chunk } satisfies Line);
  for (const paths of chunks(index.events.paths)) yield JSON.stringify({ paths } satisfies Line);
  let at = 0;
  while (at < chain.length) {
    if (index.cuts !== cuts) throw new Error('the chain was cut');
    const commits = chain.slice(at, endOfLine(index, at));
    yield commitsLine(index, { commits, at, places });
    at += commits.length;
  }
}

/** One commit is never parted, however many files it touched. */
function endOfLine({ events }: HistoryIndex, start: number): number {
  let count = 0;
  let end = start;
  do {
    count += events.columnsAt(end).paths.length;
    end += 1;
  } while (end - start < ITEMS_A_LINE && count < EVENTS_A_LINE);
  return end;
}

function commitsLine(
  index: HistoryIndex,
  of: {
    readonly commits: readonly HistoryCommit[];
    readonly at: number;
    readonly places: ReadonlyMap<Identity, number>;
  },
): string {
  const columns = of.commits.map((_, offset) => index.events.columnsAt(of.at + offset));
  const commits = of.commits.map(
    ({ oid, seconds, author, mergedParents, subject, body, reason, force, user }, offset) => {
      const paths = columns[offset]?.paths ?? [];
      const by = of.places.get(author) ?? -1;
      const says = [subject, body, reason ?? null, force ?? null, user ?? null] as const;
      return [oid, seconds, by, ...says, paths, mergedParents] satisfies StoredCommit;
    },
  );
  const states = Buffer.concat(columns.map((column) => column.states)).toString('base64');
  return JSON.stringify({ commits, states } satisfies Line);
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += ITEMS_A_LINE) yield items.slice(at, at + ITEMS_A_LINE);
}

/** A clone that was deepened has another history. */
function headOf(boundary: string): CacheFileHead {
  return { format: `history 5 ${boundary}` };
}

function pathIn(place: Place): string {
  return join(place.stateDir, 'cache', 'history.json');
}
