import type { FlagFile } from '../../model/flag.js';
import type { OverridesFile } from '../../model/override.js';
import type { AttributeDeclarations } from '../../model/project.js';
import type { SegmentFile } from '../../model/segment.js';

/**
 * Flags of another tool in our words. Only what gives every caller the same value is among the files; what stands in the
 * way of that is named in `notCarried`.
 */
export interface Imported {
  /** In the order of the source. */
  readonly files: readonly ImportedFile[];
  readonly notCarried: readonly NotCarried[];
  /** The attributes that the files read, by the type that they are compared as. */
  readonly attributes: AttributeDeclarations;
  /** How many flags the source has, carried or not. */
  readonly found: number;
}

/** One file of a project, as a value; who writes it prints it. */
export type ImportedFile =
  | { readonly kind: 'flag'; readonly key: string; readonly value: FlagFile }
  | { readonly kind: 'segment'; readonly key: string; readonly value: SegmentFile }
  | { readonly kind: 'overrides'; readonly key: string; readonly value: OverridesFile };

/** Something that the source says and that the files do not say in the same way. */
export interface NotCarried {
  /** The flag's key in the source; undefined where it is about the whole source. */
  readonly flag: string | undefined;
  /** The environment in the source, where it is about one. */
  readonly environment?: string;
  /** What says it, in the words of the source: `custom strategy`, `fractional`. */
  readonly construct: string;
  readonly effect: Effect;
  /** Why, and what that means, in one sentence without a full stop. */
  readonly reason: string;
}

/**
 * What follows of something that is not carried.
 * - `left out`: the flag has no file, because some caller would get another value.
 * - `moved`: the same share of people get each value, but other people: the source places them by another hash.
 * - `assumed`: the same for callers as the reason describes them, and no promise for others.
 * - `renamed`: the same values under another name of a variant or a segment.
 * - `dropped`: a fact that never changes an answer.
 */
export type Effect = 'left out' | 'moved' | 'assumed' | 'renamed' | 'dropped';

/** All effects, the gravest first. */
export const EFFECTS: readonly Effect[] = ['left out', 'moved', 'assumed', 'renamed', 'dropped'];

/** What the text is called that has no file. */
export const STANDARD_INPUT = 'standard input';

/** What an importer gets. */
export interface ForeignInput {
  /** The texts by their names: one of a file, several of a folder, in order of the names. */
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: Targets;
}

/** Where the source's environments go. */
export interface Targets {
  /** Our environments for one of the source's; for undefined, those of a source that knows none. Empty where it is not carried. */
  of(theirs: string | undefined): readonly string[];
}

/** The source cannot be read at all: broken JSON, or not what the tool writes. The message says where and what. */
export class UnreadableSource extends Error {}

/**
 * Reads what another tool wrote. Pure. Throws `UnreadableSource`, and nothing else.
 *
 * To add a source: a file here that exports such a function, and its line in `sources.ts`. It reads texts with
 * `readForeign`, puts what it finds into a `Draft` (`draft.ts`), which refuses flag by flag and names variants, and ends with
 * `draft.done()`. Its proof is a file of `test/support/import/` that asks the tool's own evaluator the same as ours.
 */
export type Importer = (input: ForeignInput) => Imported;
