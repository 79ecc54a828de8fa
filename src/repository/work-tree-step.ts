import { dirname, join } from 'node:path';
import type { Clone } from './clone.js';
import { type IndexFile, type IndexTarget, withDistrust, withEntries } from './index-file.js';
import { all, allInTurns, inTurns } from './slices.js';
import { contentOf, type PlannedFile, placeWorkFile } from './work-files.js';

/** A planned file, and where its new content waits. */
export interface PreparedFile extends PlannedFile {
  readonly prepared: string | undefined;
}

/**
 * Brings work tree and index in step with the commit, for just these paths, while the index is locked. A file that
 * somebody has saved since it was looked at is left to them: it shows up as their change.
 */
export async function followCommit(
  clone: Clone,
  index: IndexFile,
  files: readonly PreparedFile[],
): Promise<void> {
  const { disk, workDir } = clone;
  const targets = new Map<string, IndexTarget | null>();
  for await (const file of inTurns(files)) {
    const isUntouched = isStill(clone, file);
    const full = join(workDir, file.path);
    const placed = isUntouched ? await placeWorkFile(disk, workDir, file) : disk.stat(full);
    const { after } = file;
    if (after === null) targets.set(file.path, null);
    else if (placed !== undefined) {
      const stat = isUntouched ? placed : Object.assign(placed, { size: 0n });
      targets.set(file.path, { oid: after.oid, mode: after.mode, stat });
    }
  }
  writeIndex(clone, index, targets);
}

/** Flushes what `followCommit` wrote; until then the journal must stay. */
export async function syncFollowed(clone: Clone, files: readonly PreparedFile[]): Promise<void> {
  const { disk, workDir, repository } = clone;
  const folders = new Set(files.flatMap(foldersOf).map((folder) => join(workDir, folder)));
  const present = [...folders].filter((folder) => disk.stat(folder) !== undefined);
  const toSync = [...present, repository.gitDir];
  await all([clone.index.sync(), allInTurns(toSync, (folder) => disk.sync(folder))]);
}

/** A file that comes or goes may bring or take the folders above it. */
function foldersOf({ path, before, after }: PlannedFile): readonly string[] {
  const folders = [dirname(path)];
  if (before !== null && after !== null) return folders;
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.push(dirname(folder));
  return folders;
}

function isStill(clone: Clone, { path, before }: PreparedFile): boolean {
  const full = join(clone.workDir, path);
  if (before === null) return clone.disk.stat(full) === undefined;
  return contentOf(clone.disk, full, before.oid) !== undefined;
}

function writeIndex(clone: Clone, index: IndexFile, targets: ReadonlyMap<string, IndexTarget | null>): void {
  const { disk, workDir } = clone;
  const old = clone.index.stat();
  const statOf = (name: string) => disk.stat(join(workDir, Buffer.from(name, 'latin1').toString()));
  const trusted = old === undefined ? index : withDistrust(index, old, statOf);
  clone.index.write(withEntries(trusted, targets));
}
