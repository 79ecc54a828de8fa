import type { Disk } from './disk.js';
import { blobId } from './loose-object.js';
import { kindOf, type TreeEntry } from './tree.js';
import type { TreeFile } from './tree-edit.js';

/** Of modes git knows what kind of thing it is, and of a file whether it may be executed. */
export function isSameMode(one: string, other: string): boolean {
  return kindOf(one) === kindOf(other) && isExecutable(one) === isExecutable(other);
}

export function isExecutable(mode: string): boolean {
  return mode === '100755';
}

/** What an entry of a tree is. */
export function entryKind({ mode }: TreeFile): TreeEntry['kind'] {
  return kindOf(mode);
}

/**
 * `same` where the work tree has the entry at this path, `crlf` where it has the file with other line ends, else
 * undefined. What is checked out of a submodule is its own affair: it is always the same.
 */
export function heldAs(disk: Disk, path: string, entry: TreeFile): 'same' | 'crlf' | undefined {
  const kind = entryKind(entry);
  if (kind === 'submodule') return 'same';
  if (kind === 'file')
    return disk.stat(path)?.isFile() === true ? contentOf(disk, path, entry.oid) : undefined;
  const target = disk.readLink(path);
  return target !== undefined && blobId(target) === entry.oid ? 'same' : undefined;
}

/** `same` where the file has these bytes, `crlf` where it has them with other line ends, else undefined. */
function contentOf(disk: Disk, path: string, oid: string): 'same' | 'crlf' | undefined {
  const bytes = disk.read(path);
  if (bytes === undefined) return undefined;
  if (blobId(bytes) === oid) return 'same';
  const unix = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobId(unix) === oid ? 'crlf' : undefined;
}
