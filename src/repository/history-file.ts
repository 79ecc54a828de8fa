import { join } from 'node:path';
import { type CacheFileHead, readCacheFile, writeCacheFile } from './cache-file.js';
import { type ChainLink, FileEvents } from './file-events.js';

/** One line holds so many commits or files. */
const ITEMS_A_LINE = 1_000;

/** What of the history is on disk: lines of commits, then lines of files. */
type Line =
  | { readonly commits: readonly ChainLink[] }
  | { readonly files: readonly (readonly [path: string, events: readonly number[]])[] };

interface Place {
  readonly stateDir: string;
}

/** The history that the last start left, or undefined where there is none that can be used. */
export function readHistory(place: Place, boundary: string): FileEvents | undefined {
  const lines = readCacheFile(pathIn(place), headOf(boundary))?.map((line) => JSON.parse(line) as Line);
  if (lines === undefined) return undefined;
  const chain = lines.flatMap((line) => ('commits' in line ? line.commits : []));
  const files = lines.flatMap((line) => ('files' in line ? line.files : []));
  return new FileEvents(boundary, chain, files);
}

/** Where the disk refuses, the next start walks again. */
export async function writeHistory(place: Place, events: FileEvents): Promise<void> {
  await writeCacheFile(pathIn(place), headOf(events.boundary), linesOf(events)).catch(() => undefined);
}

function* linesOf({ chain, events }: FileEvents): Generator<string> {
  for (const commits of chunks([...chain])) yield JSON.stringify({ commits } satisfies Line);
  for (const files of chunks([...events])) yield JSON.stringify({ files } satisfies Line);
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += ITEMS_A_LINE) yield items.slice(at, at + ITEMS_A_LINE);
}

/** A clone that was deepened has another history. */
function headOf(boundary: string): CacheFileHead {
  return { format: `file history 1 ${boundary}` };
}

function pathIn(place: Place): string {
  return join(place.stateDir, 'cache', 'history.json');
}
