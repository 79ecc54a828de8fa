import type { ApiKeysFile } from '../model/api-key.js';
import type { ConfigFile } from '../model/config.js';
import type { FlagFile } from '../model/flag.js';
import type { OrgFile } from '../model/org.js';
import type { OverridesFile } from '../model/override.js';
import type { Pointer, Problem, ProblemCode, Severity } from '../model/problem.js';
import type { ProjectFile } from '../model/project.js';
import type { SegmentFile } from '../model/segment.js';
import type { TestsFile } from '../model/test-case.js';

/** The value that each kind of file holds. */
export interface FileValues {
  readonly config: ConfigFile;
  readonly org: OrgFile;
  readonly project: ProjectFile;
  readonly 'api-keys': ApiKeysFile;
  readonly flag: FlagFile;
  readonly segment: SegmentFile;
  readonly overrides: OverridesFile;
  readonly tests: TestsFile;
}

/** The kinds of file that Flagstaff reads. */
export type FileKind = keyof FileValues;

/**
 * One file, read: plain data that survives JSON and structured clone, so that workers can make it and the disk can keep
 * it by blob id. It depends on nothing but the kind and the bytes.
 */
export type ParsedFile<Kind extends FileKind = FileKind> = {
  [K in Kind]: {
    readonly kind: K;
    /** Undefined where the problems hold an error. */
    readonly value: FileValues[K] | undefined;
    readonly problems: readonly LocatedProblem[];
  };
}[Kind];

/** A problem of a file whose path its reader does not know. */
export type LocatedProblem = Omit<Problem, 'path'>;

/** A problem found between files, by its place in the data. `locateAll` gives line and column when somebody wants to see them. */
export interface Finding {
  readonly path: string;
  readonly at: Pointer;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  /** True where a second person has to agree before it may be merged. */
  readonly needsApproval?: true;
}
