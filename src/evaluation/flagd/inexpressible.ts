import type { Step } from '../steps.js';

/** Something that a flag says and that flagd's rules cannot say so that every caller gets the same answer. */
export interface Inexpressible {
  readonly flag: string;
  readonly environment: string;
  /** The part of the flag that says it; `flag` where it is the whole. */
  readonly step: Step['kind'] | 'flag';
  /** The id of the rule, where it is one. */
  readonly rule?: string;
  /** What it is, in the words of the files: `matches`, `ignoreCase`. */
  readonly construct: string;
  /** Why not. */
  readonly sentence: string;
}

/** Notes something that cannot be expressed; what stands in its place is never used. */
export type Refuse = (construct: string, sentence: string) => false;
