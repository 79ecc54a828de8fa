import type { Clause } from '../model/clause.js';
import type { FlagFile, Rule } from '../model/flag.js';
import type { Pointer } from '../model/problem.js';
import type { AttributeDeclarations } from '../model/project.js';
import type { SegmentFile } from '../model/segment.js';
import { type Atom, atomsOf, contradictionIn, isImplied } from './clause-atoms.js';
import { type Issue, placed, warningAt } from './issue.js';
import { scalarContradictionIn } from './scalar-contradiction.js';

/**
 * A warning for each rule that never decides: its clauses contradict each other, or a rule before it decides for all whom
 * it is for. Only what the clauses say themselves is looked at, not what their segments and flags say.
 */
export function judgeReach(rules: readonly Rule[], at: Pointer): Issue[] {
  const deciders: Decider[] = [];
  return rules.flatMap((rule, place) => {
    const atoms = atomsOf(rule.when ?? []);
    const where = [...at, place];
    const contradiction = contradictionIn(atoms);
    if (contradiction !== undefined)
      return [unreachable(where, `rule ${rule.id} never applies: ${contradiction}`)];
    const hider = deciders.find((decider) => isImplied(decider.atoms, atoms));
    if (hider === undefined) {
      if (isDecisive(rule)) deciders.push({ id: rule.id, atoms });
      return [];
    }
    const whom = hider.atoms.length === 0 ? 'applies to everyone' : 'applies to all whom it is for';
    return [unreachable(where, `rule ${rule.id} is never reached; rule ${hider.id} before it ${whom}`)];
  });
}

/** A warning where the clauses of a segment contradict each other. */
export function judgeContradiction(when: readonly Clause[], at: Pointer): Issue[] {
  const contradiction = contradictionIn(atomsOf(when));
  return contradiction === undefined ? [] : [unreachable(at, `nobody can be meant: ${contradiction}`)];
}

/** The same for what only the types of attributes tell; nothing of a rule of which the flag's own file told it. */
export function judgeFlagScalars(
  { environments }: FlagFile,
  declared: AttributeDeclarations | undefined,
): Issue[] {
  if (declared === undefined) return [];
  return Object.entries(environments).flatMap(([environment, { rules = [] }]) => {
    const at = ['environments', environment, 'rules'];
    const issues = rules.flatMap(({ id, when = [] }, place) => {
      const contradiction = scalarContradictionIn(when, declared);
      return contradiction === undefined
        ? []
        : [unreachable([...at, place], `rule ${id} never applies: ${contradiction}`)];
    });
    const told = issues.length === 0 ? [] : judgeReach(rules, at);
    return issues.filter((issue) => !told.some((one) => one.at.at(-1) === issue.at.at(-1)));
  });
}

/** The same for a segment. */
export function judgeSegmentScalars(
  { when = [] }: SegmentFile,
  declared: AttributeDeclarations | undefined,
): Issue[] {
  const contradiction = declared && scalarContradictionIn(when, declared);
  if (contradiction === undefined || contradictionIn(atomsOf(when)) !== undefined) return [];
  return [unreachable(['when'], `nobody can be meant: ${contradiction}`)];
}

/** A rule that decides for everybody for whom its clauses hold. */
interface Decider {
  readonly id: string;
  readonly atoms: readonly Atom[];
}

/** A split or a gate is not for everyone: it skips who has no value to bucket by. */
function isDecisive({ percentage = 100, serve }: Rule): boolean {
  if (percentage < 100) return false;
  if (typeof serve !== 'object' || serve === null) return true;
  return Object.values(serve).filter((weight) => weight > 0).length === 1;
}

function unreachable(at: Pointer, sentence: string): Issue {
  return warningAt(at, 'UNREACHABLE', placed(at, sentence));
}
