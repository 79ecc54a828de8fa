import { type LeafClause, visitLeaves, type Way } from '../evaluation/leaves.js';
import type { AttributeClause } from '../model/clause.js';
import { attachmentEntry, type EnvironmentState, type FlagFile, requirementEntry } from '../model/flag.js';
import type { Pointer } from '../model/problem.js';
import type { SegmentFile } from '../model/segment.js';

/** What a file names that stands in other files, each with its place. */
export interface Uses {
  readonly segments: readonly SegmentUse[];
  readonly flags: readonly FlagUse[];
  readonly attributes: readonly AttributeUse[];
}

/** A thing by its key, and where it is named. */
export interface Use {
  readonly key: string;
  readonly at: Pointer;
}

/** A segment, and the environment in which it is asked; empty in the file of another segment. */
export interface SegmentUse extends Use {
  readonly environment: string;
}

/** Another flag, the environment in which it is asked, and the variant that it must give. */
export interface FlagUse extends Use {
  readonly environment: string;
  readonly variant: string;
}

/** An attribute, and the clause that tests it where one does. */
export interface AttributeUse extends Use {
  readonly clause: AttributeClause | undefined;
}

/** Files are never changed, and every load of a project asks again. */
const known = new WeakMap<FlagFile | SegmentFile, Uses>();

/** What a flag's file names. */
export function usesOfFlag(file: FlagFile): Uses {
  return known.get(file) ?? readUses(file, addFlag);
}

/** What a segment's file names. */
export function usesOfSegment(file: SegmentFile): Uses {
  return known.get(file) ?? readUses(file, addSegment);
}

function readUses<File extends FlagFile | SegmentFile>(
  file: File,
  add: (uses: UsesInOrder, file: File) => void,
): Uses {
  const uses = new UsesInOrder();
  add(uses, file);
  known.set(file, uses);
  return uses;
}

function addFlag(uses: UsesInOrder, { bucketBy, environments }: FlagFile): void {
  if (bucketBy !== undefined) uses.addAttribute(bucketBy, ['bucketBy']);
  for (const [environment, state] of Object.entries(environments)) addState(uses, state, environment);
}

function addSegment(uses: UsesInOrder, { when = [] }: SegmentFile): void {
  visitLeaves(when, ['when'], (clause, way) => uses.addClause(clause, way, ''));
}

function addState(uses: UsesInOrder, state: EnvironmentState, environment: string): void {
  state.segments?.forEach((attachment, place) => {
    const { segment } = attachmentEntry(attachment);
    uses.segments.push({ key: segment, environment, at: ['environments', environment, 'segments', place] });
  });
  state.requires?.forEach((requirement, place) => {
    const { flag, variant } = requirementEntry(requirement);
    const at = ['environments', environment, 'requires', place];
    uses.flags.push({ key: flag, variant, environment, at });
  });
  state.rules?.forEach(({ bucketBy, when }, place) => {
    if (bucketBy !== undefined) {
      uses.addAttribute(bucketBy, ['environments', environment, 'rules', place, 'bucketBy']);
    }
    if (when === undefined) return;
    const way = ['environments', environment, 'rules', place, 'when'];
    visitLeaves(when, way, (clause, deeper) => uses.addClause(clause, deeper, environment));
  });
}

class UsesInOrder implements Uses {
  readonly segments: SegmentUse[] = [];
  readonly flags: FlagUse[] = [];
  readonly attributes: AttributeUse[] = [];

  addAttribute(key: string, at: Pointer, clause?: AttributeClause): void {
    this.attributes.push({ key, at, clause });
  }

  addClause(clause: LeafClause, way: Way, environment: string): void {
    const at = way.slice();
    if ('attribute' in clause) {
      at.push('attribute');
      this.addAttribute(clause.attribute, at, clause);
    } else if ('segment' in clause) {
      at.push('segment');
      this.segments.push({ key: clause.segment, environment, at });
    } else {
      at.push('flag');
      this.flags.push({ key: clause.flag, variant: clause.variant ?? 'on', environment, at });
    }
  }
}
