import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { Finding, ParsedFile } from './parsed.js';

/** One file of an organization, as a commit or the work tree has it. */
export interface SourceFile {
  /** From the top of the repository, with `/`: `flags/acme/web-app/flags/dark-mode.yaml`. */
  readonly path: string;
  /** The id of its blob, 40 hexadecimal digits. */
  readonly blob: string;
  /** What git says it is; `special` is what only a work tree can have: a pipe, a socket, a device. Only a `file` is read. */
  readonly mode: 'file' | 'symlink' | 'submodule' | 'special';
  /** Undefined for what is no file, and for paths that no kind of file has. */
  readonly parsed: ParsedFile | undefined;
}

/** What `load` makes an organization from. */
export interface LoadInput {
  readonly org: OrgKey;
  /** Every file below `flags/<org>/`, in any order. */
  readonly files: readonly SourceFile[];
  /** What was served before: broken files keep their version from there. Undefined judges the files alone. */
  readonly previous: OrgSnapshot | undefined;
  /** The moment of the load, in epoch milliseconds: what is past is a warning. */
  readonly now: number;
}

/** An organization, loaded. */
export interface LoadedOrg {
  /** Undefined where nothing of it can be served. */
  readonly snapshot: OrgSnapshot | undefined;
  /** Problems whose place is known, of single files. */
  readonly problems: readonly Problem[];
  /** Problems between files, up to 100 of each file; `locateFindings` finds their lines. */
  readonly findings: readonly Finding[];
  /** The files that are broken and have no good version in `previous`, as paths: look for one in history. */
  readonly missing: readonly string[];
}
