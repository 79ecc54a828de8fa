/**
 * The index's cache of trees (extension TREE): for each folder its path below its parent, how many entries it covers,
 * how many folders are in it, and its id; -1 entries and no id where it is not known. Format: gitformat-index(5).
 */

const OID_BYTES = 20;

/** A folder of the cache. */
export interface CachedFolder {
  readonly name: string;
  /** Of its tree; undefined where it is not known. */
  readonly oid: Buffer | undefined;
  /** How many entries the index has below it; -1 where that is not known. */
  readonly count: number;
  readonly folders: readonly CachedFolder[];
}

/** The top folder; undefined where the bytes are not what they should be. */
export function readCacheTree(bytes: Buffer): CachedFolder | undefined {
  return readFolder(bytes, 0)[0];
}

/** What the cache knows below a folder. */
export function cachedFolder(top: CachedFolder | undefined, path: string): CachedFolder | undefined {
  let folder = top;
  for (const step of path.split('/')) folder = folder?.folders.find(({ name }) => name === step);
  return folder;
}

/**
 * The cache with all folders of these paths marked as unknown; the others keep what git knows of them. Undefined where
 * the bytes are not what they should be: the cache may always be left out.
 */
export function withoutFolders(bytes: Buffer, paths: readonly string[]): Buffer | undefined {
  const root = readCacheTree(bytes);
  return root === undefined ? undefined : Buffer.concat(serialize(forget(root, paths)));
}

function forget(folder: CachedFolder, paths: readonly string[]): CachedFolder {
  const folders = folder.folders.map((child) => {
    const below = paths.filter((path) => path.startsWith(`${child.name}/`));
    return below.length === 0
      ? child
      : forget(
          child,
          below.map((path) => path.slice(child.name.length + 1)),
        );
  });
  return { ...folder, oid: undefined, count: -1, folders };
}

/** A folder with all that is in it, and where it ends. */
function readFolder(
  bytes: Buffer,
  start: number,
): readonly [CachedFolder, number] | readonly [undefined, number] {
  const zero = bytes.indexOf(0, start);
  const newline = bytes.indexOf(0x0a, zero);
  if (zero < 0 || newline < 0) return [undefined, start];
  const [count = -1, children = 0] = bytes
    .toString('latin1', zero + 1, newline)
    .split(' ')
    .map(Number);
  let at = newline + 1 + (count < 0 ? 0 : OID_BYTES);
  const oid = count < 0 ? undefined : bytes.subarray(newline + 1, at);
  const folders: CachedFolder[] = [];
  for (let number = 0; number < children; number += 1) {
    const [child, next] = readFolder(bytes, at);
    if (child === undefined) return [undefined, start];
    folders.push(child);
    at = next;
  }
  return [{ name: bytes.toString('latin1', start, zero), oid, count, folders }, at];
}

function serialize(folder: CachedFolder): readonly Buffer[] {
  const head = Buffer.from(`${folder.name}\0${folder.count} ${folder.folders.length}\n`, 'latin1');
  return [head, ...(folder.oid === undefined ? [] : [folder.oid]), ...folder.folders.flatMap(serialize)];
}
