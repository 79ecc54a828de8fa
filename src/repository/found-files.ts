import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
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
  for (const entry of entriesOf(`${dir}/${FLAGS_FOLDER}`)) {
    const found: FoundFile[] = [];
    await findIn({ dir, signal, found }, FLAGS_FOLDER, entry);
    const org = entry.isDirectory() ? parseOrgKey(entry.name) : undefined;
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

async function findIn(search: Search, folder: string, entry: Dirent): Promise<void> {
  const path = `${folder}/${entry.name}`;
  if (entry.isDirectory()) {
    for (const inner of entriesOf(`${search.dir}/${path}`)) await findIn(search, path, inner);
    return;
  }
  await pause(search.signal);
  const file = fileAt(search.dir, path);
  if (file !== undefined) search.found.push(file);
}

/** Undefined for what is not there, or went a moment ago. */
function fileAt(dir: string, path: string): FoundFile | undefined {
  const stat = lstatSync(`${dir}/${path}`, { throwIfNoEntry: false });
  return stat && { path, stat };
}

/** In order of the names. A folder that is itself a link is none. */
function entriesOf(folder: string): readonly Dirent[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}
