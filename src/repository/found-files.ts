import { lstatSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { machineDisk } from './disk.js';
import { flagsTaken, strayAt } from './listing.js';
import { pause } from './slices.js';

/** Something that is no folder, before anything of it is read. Links are not followed. */
export interface FoundFile {
  /** From the top of the folder, with `/`. */
  readonly path: string;
  readonly stat: Stats;
}

/** The plain files of a folder that are read as flags. */
export interface FoundFiles {
  /** All that lies below the folder of each organization, in order of the names. */
  readonly orgs: ReadonlyMap<OrgKey, readonly FoundFile[]>;
  /** The settings. */
  readonly config: FoundFile | undefined;
  /** Files that belong to no organization and should not be there. */
  readonly strays: readonly Problem[];
}

/** Looks at names and times alone. Rejects where the signal gives it up. */
export async function findFiles(dir: string, signal?: AbortSignal): Promise<FoundFiles> {
  const orgs = new Map<OrgKey, readonly FoundFile[]>();
  const strays: Problem[] = [];
  const flags = fileAt(dir, FLAGS_FOLDER);
  if (flags?.stat.isDirectory() === false) strays.push(flagsTaken());
  for (const entry of flags === undefined ? [] : entriesOf(dir, flags)) {
    const found: FoundFile[] = [];
    await findIn({ dir, signal, found }, entry);
    const org = entry.stat.isDirectory() ? parseOrgKey(basename(entry.path)) : undefined;
    if (org !== undefined) orgs.set(org, found);
    else strays.push(...found.flatMap((file) => strayAt(file.path)));
  }
  return { orgs, config: fileAt(dir, CONFIG_PATH), strays };
}

interface Search {
  readonly dir: string;
  readonly signal: AbortSignal | undefined;
  readonly found: FoundFile[];
}

async function findIn(search: Search, entry: FoundFile): Promise<void> {
  await pause(search.signal);
  for (const inner of entriesOf(search.dir, entry)) {
    if (inner.stat.isDirectory()) await findIn(search, inner);
    else search.found.push(inner);
  }
}

/** What is in a folder, in order of the names; of something that is no folder, that alone. */
function entriesOf(dir: string, entry: FoundFile): readonly FoundFile[] {
  if (!entry.stat.isDirectory()) return [entry];
  const names = machineDisk.list(`${dir}/${entry.path}`);
  return [...names].sort().flatMap((name) => fileAt(dir, `${entry.path}/${name}`) ?? []);
}

/** Undefined for what is not there, or went a moment ago. */
function fileAt(dir: string, path: string): FoundFile | undefined {
  const stat = lstatSync(`${dir}/${path}`, { throwIfNoEntry: false });
  return stat && { path, stat };
}
