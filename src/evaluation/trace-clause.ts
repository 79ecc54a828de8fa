import type { AttributeClause, Clause } from '../model/clause.js';
import type { SegmentFile } from '../model/segment.js';
import { unreachable } from '../model/unreachable.js';
import { attributeReader } from './attribute.js';
import { compileNames } from './names.js';
import { compileOperator, type Operator, operatorsOf } from './operators.js';
import { scopeOf } from './reference.js';
import { type Asking, type ClauseTrace, type MembershipTrace, type TestTrace, traceAnswer } from './trace.js';

/** Traces the clauses up to the first that does not hold, as an evaluation looks at them. */
export function traceAll(clauses: readonly Clause[], asking: Asking): ClauseTrace[] {
  return traceUntil(clauses, false, asking);
}

/** True where all the clauses were looked at and hold. */
export function allHold(traces: readonly ClauseTrace[]): boolean {
  return traces.every((trace) => trace.holds);
}

/** Traces whether the caller is a member of the segment. */
export function traceMembership(segmentKey: string, asking: Asking): MembershipTrace {
  const segment = asking.scope.segments.get(segmentKey);
  if (segment === undefined) return { member: false, by: 'missing' };
  if (asking.seen.has(segmentKey)) {
    const { isMember } = segment;
    const member = typeof isMember === 'boolean' ? isMember : isMember(asking.context, asking.now, undefined);
    return { member, by: 'seen before' };
  }
  asking.seen.add(segmentKey);
  return traceMembers(segment.segment.file, { ...asking, scope: scopeOf(segment.uses) });
}

function traceMembers(file: SegmentFile, asking: Asking): MembershipTrace {
  const { context } = asking;
  if (file.active === false) return { member: false, by: 'inactive' };
  if (compileNames(file.exclude)?.(context) === true) return { member: false, by: 'exclude' };
  if (compileNames(file.include)?.(context) === true) return { member: true, by: 'include' };
  if (file.when === undefined) return { member: false, by: 'nothing' };
  const when = traceAll(file.when, asking);
  return { member: allHold(when), by: 'when', when };
}

function traceClause(clause: Clause, asking: Asking): ClauseTrace {
  if ('attribute' in clause) return traceAttribute(clause, asking);
  if ('segment' in clause) {
    const membership = traceMembership(clause.segment, asking);
    return { clause: 'segment', segment: clause.segment, membership, holds: membership.member };
  }
  if ('flag' in clause) {
    const { flag, variant = 'on' } = clause;
    const answer = traceAnswer(flag, asking);
    return { clause: 'flag', flag, variant, answer, holds: answer.variant === variant };
  }
  if ('all' in clause) {
    const clauses = traceAll(clause.all, asking);
    return { clause: 'all', clauses, holds: allHold(clauses) };
  }
  if ('any' in clause) {
    const clauses = traceUntil(clause.any, true, asking);
    return { clause: 'any', clauses, holds: clauses.some((trace) => trace.holds) };
  }
  if ('not' in clause) {
    const inner = traceClause(clause.not, asking);
    return { clause: 'not', inner, holds: !inner.holds };
  }
  return unreachable(clause);
}

function traceUntil(clauses: readonly Clause[], end: boolean, asking: Asking): ClauseTrace[] {
  const traces: ClauseTrace[] = [];
  for (const clause of clauses) {
    const trace = traceClause(clause, asking);
    traces.push(trace);
    if (trace.holds === end) break;
  }
  return traces;
}

function traceAttribute(clause: AttributeClause, { context }: Asking): ClauseTrace {
  const { attribute } = clause;
  const value = attributeReader(attribute)(context) ?? undefined;
  const tests = operatorsOf(clause).map((operator) => traceTest(clause, operator, value));
  const holds = tests.every((test) => test.passes);
  return { clause: 'attribute', attribute, ...(value === undefined ? {} : { value }), tests, holds };
}

function traceTest(
  clause: AttributeClause,
  operator: Operator,
  value: Parameters<ReturnType<typeof compileOperator>>[0],
): TestTrace {
  const wanted = clause[operator];
  if (wanted === undefined) throw new Error(`the clause has no ${operator}`);
  const passes = compileOperator(clause, operator)(value);
  return { test: operator, wanted, ignoreCase: clause.ignoreCase === true, passes };
}
