import type { AttributeClause, Clause } from '../model/clause.js';
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

/** A file's value is the same object as long as its blob is the same, so each is walked once. */
const known = new WeakMap<FlagFile | SegmentFile, Uses>();

/** What a flag's file names. */
export function usesOfFlag(file: FlagFile): Uses {
  return remembered(file, () => {
    const uses = new UsesInOrder();
    if (file.bucketBy !== undefined) uses.addAttribute(file.bucketBy, ['bucketBy']);
    for (const [environment, state] of Object.entries(file.environments)) {
      addState(uses, state, environment);
    }
    return uses;
  });
}

/** What a segment's file names. */
export function usesOfSegment(file: SegmentFile): Uses {
  return remembered(file, () => {
    const uses = new UsesInOrder();
    addClauses(uses, { clauses: file.when ?? [], at: ['when'], environment: '' });
    return uses;
  });
}

function remembered(file: FlagFile | SegmentFile, walk: () => Uses): Uses {
  const before = known.get(file);
  if (before !== undefined) return before;
  const uses = walk();
  known.set(file, uses);
  return uses;
}

class UsesInOrder implements Uses {
  readonly segments: SegmentUse[] = [];
  readonly flags: FlagUse[] = [];
  readonly attributes: AttributeUse[] = [];

  addAttribute(key: string, at: Pointer, clause?: AttributeClause): void {
    this.attributes.push({ key, at, clause });
  }
}

function addState(uses: UsesInOrder, state: EnvironmentState, environment: string): void {
  const at = ['environments', environment];
  for (const [place, attachment] of (state.segments ?? []).entries()) {
    const { segment } = attachmentEntry(attachment);
    uses.segments.push({ key: segment, environment, at: [...at, 'segments', place] });
  }
  for (const [place, requirement] of (state.requires ?? []).entries()) {
    const { flag, variant } = requirementEntry(requirement);
    uses.flags.push({ key: flag, variant, environment, at: [...at, 'requires', place] });
  }
  for (const [place, rule] of (state.rules ?? []).entries()) {
    const where = [...at, 'rules', place];
    if (rule.bucketBy !== undefined) uses.addAttribute(rule.bucketBy, [...where, 'bucketBy']);
    addClauses(uses, { clauses: rule.when ?? [], at: [...where, 'when'], environment });
  }
}

interface ClausesInPlace {
  readonly clauses: readonly Clause[];
  readonly at: Pointer;
  readonly environment: string;
}

function addClauses(uses: UsesInOrder, { clauses, at, environment }: ClausesInPlace): void {
  for (const [place, clause] of clauses.entries())
    addClause(uses, { clause, at: [...at, place], environment });
}

interface ClauseInPlace {
  readonly clause: Clause;
  readonly at: Pointer;
  readonly environment: string;
}

function addClause(uses: UsesInOrder, { clause, at, environment }: ClauseInPlace): void {
  if ('attribute' in clause) uses.addAttribute(clause.attribute, [...at, 'attribute'], clause);
  else if ('segment' in clause) {
    uses.segments.push({ key: clause.segment, environment, at: [...at, 'segment'] });
  } else if ('flag' in clause) {
    uses.flags.push({ key: clause.flag, variant: clause.variant ?? 'on', environment, at: [...at, 'flag'] });
  } else if ('all' in clause) addClauses(uses, { clauses: clause.all, at: [...at, 'all'], environment });
  else if ('any' in clause) addClauses(uses, { clauses: clause.any, at: [...at, 'any'], environment });
  else addClause(uses, { clause: clause.not, at: [...at, 'not'], environment });
}
