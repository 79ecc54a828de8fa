import { damaged } from './damage.js';

/** One entry of a tree. */
export interface TreeEntry {
  readonly name: string;
  /** As git writes it: `40000`, `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly oid: string;
  readonly kind: 'tree' | 'file' | 'symlink' | 'submodule';
}

const OID_BYTES = 20;
const SPACE = 0x20;

/** Reads a tree object: `<mode> <name>\0<20 bytes>` for each entry. Throws `Failure` REPOSITORY_DAMAGED where it ends early. */
export function parseTree(oid: string, bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(SPACE, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0 || end + OID_BYTES >= bytes.length) throw damaged(`tree ${oid} ends early`);
    const mode = bytes.toString('latin1', at, space);
    const name = bytes.toString('utf8', space + 1, end);
    at = end + 1 + OID_BYTES;
    entries.push({ name, mode, oid: bytes.toString('hex', end + 1, at), kind: kindOf(mode) });
  }
  return entries;
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '40000') return 'tree';
  if (mode === '120000') return 'symlink';
  return mode === '160000' ? 'submodule' : 'file';
}
