import type { FlagKey } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { JsonValue } from '../../model/values.js';

/** Something that may be removed, as far as the files themselves tell. */
export type Candidate = FlagCandidate | SegmentCandidate | OverrideCandidate;

interface CandidateFile {
  readonly project: ProjectSnapshot;
  /** The flag's or the segment's key; of an override, that of its flag. */
  readonly key: string;
  readonly path: string;
  readonly owner: string | undefined;
  /** The files that go with it; none where an entry of one goes. */
  readonly files: readonly string[];
}

/** A flag, whatever there is against it: what code and history say is not known yet. */
export interface FlagCandidate extends CandidateFile {
  readonly kind: 'flag';
  readonly key: FlagKey;
  /** The day after which it was to be gone, where that is past. */
  readonly expired: string | undefined;
  readonly isDeprecated: boolean;
  /** What everybody gets in every environment; undefined where that may differ. */
  readonly constant: Constant | undefined;
  /** The flags that ask it; they must change first. */
  readonly askers: readonly string[];
}

/** What a flag that gives everybody the same can be replaced by. */
export interface Constant {
  readonly variant: string;
  readonly value: JsonValue;
}

/** A segment that no flag reaches. */
export interface SegmentCandidate extends CandidateFile {
  readonly kind: 'segment';
}

/** An entry of overrides whose last day is past. */
export interface OverrideCandidate extends CandidateFile {
  readonly kind: 'override';
  /** Its place in the file, from 0. */
  readonly place: number;
  readonly until: string;
}
