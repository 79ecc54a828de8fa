import type { AttributeClause, Clause, FlagClause } from '../model/clause.js';
import type { Evaluation } from '../model/evaluation.js';
import { unreachable } from '../model/unreachable.js';
import { attributeCheck } from './attribute.js';
import type { Check, Condition } from './compiled.js';
import { compileOperator, operatorsOf, type ValueTest } from './operators.js';
import { give } from './outcome.js';
import { askFlag, askSegment, type Scope } from './reference.js';

/** Makes the condition of one clause. It is a plain boolean where no caller and no time changes it. */
function compileClause(clause: Clause, scope: Scope): Condition {
  if ('attribute' in clause) return compileAttribute(clause);
  if ('segment' in clause) return compileMembership(clause.segment, scope);
  if ('flag' in clause) return compileFlagClause(clause, scope);
  if ('all' in clause) return compileAll(clause.all, scope);
  if ('any' in clause) return compileAny(clause.any, scope);
  if ('not' in clause) return negate(compileClause(clause.not, scope));
  return unreachable(clause);
}

/** Makes the condition that all the clauses hold; true of none. */
export function compileAll(clauses: readonly Clause[], scope: Scope): Condition {
  const checks: Check[] = [];
  for (const clause of clauses) {
    const condition = compileClause(clause, scope);
    if (condition === false) return false;
    if (condition !== true) checks.push(condition);
  }
  return every(checks);
}

/** Makes the condition that the flag's answer is this variant; an unmet one where there is no such flag. */
export function compileAnswer(flagKey: string, variant: string, scope: Scope): Condition {
  const flag = scope.flags.get(flagKey);
  if (flag === undefined) return false;
  if (flag.steps.length === 0) return isVariant(give(flag.otherwise), variant);
  return (context, now, answered) => isVariant(askFlag(flag, context, now, answered), variant);
}

/** Makes the condition that the caller is a member of the segment; nobody is one where there is no such segment. */
export function compileMembership(segmentKey: string, scope: Scope): Condition {
  const segment = scope.segments.get(segmentKey);
  if (segment === undefined) return false;
  if (typeof segment.isMember === 'boolean') return segment.isMember;
  return segment.depth === 0
    ? segment.isMember
    : (context, now, answered) => askSegment(segment, context, now, answered);
}

function compileAttribute(clause: AttributeClause): Condition {
  const tests = operatorsOf(clause).map((operator) => compileOperator(clause, operator));
  const [only] = tests;
  return attributeCheck(clause.attribute, only !== undefined && tests.length === 1 ? only : everyTest(tests));
}

function everyTest(tests: readonly ValueTest[]): ValueTest {
  return (value) => tests.every((test) => test(value));
}

function compileFlagClause(clause: FlagClause, scope: Scope): Condition {
  return compileAnswer(clause.flag, clause.variant ?? 'on', scope);
}

function compileAny(clauses: readonly Clause[], scope: Scope): Condition {
  const checks: Check[] = [];
  for (const clause of clauses) {
    const condition = compileClause(clause, scope);
    if (condition === true) return true;
    if (condition !== false) checks.push(condition);
  }
  return some(checks);
}

function every(checks: readonly Check[]): Condition {
  const [first, second] = checks;
  if (first === undefined) return true;
  if (second === undefined) return first;
  return checks.length === 2
    ? both(first, second)
    : (context, now, answered) => checks.every((check) => check(context, now, answered));
}

/** Most rules have one or two clauses; these closures keep nothing else alive. */
function both(first: Check, second: Check): Check {
  return (context, now, answered) => first(context, now, answered) && second(context, now, answered);
}

function some(checks: readonly Check[]): Condition {
  if (checks.length === 0) return false;
  return (context, now, answered) => checks.some((check) => check(context, now, answered));
}

function negate(condition: Condition): Condition {
  if (typeof condition === 'boolean') return !condition;
  return (context, now, answered) => !condition(context, now, answered);
}

function isVariant(answer: Evaluation, variant: string): boolean {
  return answer.kind === 'value' && answer.variant === variant;
}
