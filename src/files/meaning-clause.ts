import { checkNetwork, checkRange, checkRegex, checkVersion } from '../evaluation/check.js';
import type { AttributeClause, Clause } from '../model/clause.js';
import type { Pointer, ProblemCode } from '../model/problem.js';
import { errorAt, type Issue, placed } from './issue.js';
import { judgeMoment } from './meaning-names.js';

/** Where the clauses stand: a flag clause in a segment would make members depend on an environment. */
export type ClauseHome = 'rule' | 'segment';

/** Tests that compare text, beside which `ignoreCase` means something. */
const TEXT_TESTS = [
  'equals',
  'notEquals',
  'in',
  'notIn',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'matches',
  'includesAny',
  'includesAll',
] as const;
const VERSION_TESTS = ['semverEq', 'semverLt', 'semverLte', 'semverGt', 'semverGte'] as const;

/** What the clauses of a list say that cannot be meant. */
export function judgeClauses(clauses: readonly Clause[], at: Pointer, home: ClauseHome): Issue[] {
  return clauses.flatMap((clause, place) => judgeClause(clause, [...at, place], home));
}

function judgeClause(clause: Clause, at: Pointer, home: ClauseHome): Issue[] {
  if ('attribute' in clause) return judgeTestsOf(clause, at);
  if ('all' in clause) return judgeClauses(clause.all, [...at, 'all'], home);
  if ('any' in clause) return judgeClauses(clause.any, [...at, 'any'], home);
  if ('not' in clause) return judgeClause(clause.not, [...at, 'not'], home);
  if ('flag' in clause && home === 'segment') {
    const sentence = 'a segment may not ask for a flag; only rules of flags may';
    return [errorAt([...at, 'flag'], 'FLAG_CLAUSE_IN_SEGMENT', placed(at, sentence))];
  }
  return [];
}

function judgeTestsOf(clause: AttributeClause, at: Pointer): Issue[] {
  return [
    ...judgeCount(clause, at),
    ...checked({ text: clause.matches, at: [...at, 'matches'], code: 'INVALID_REGEX', check: checkRegex }),
    ...VERSION_TESTS.flatMap((test) =>
      checked({ text: clause[test], at: [...at, test], code: 'INVALID_VERSION', check: checkVersion }),
    ),
    ...checked({
      text: clause.semverRange,
      at: [...at, 'semverRange'],
      code: 'INVALID_VERSION',
      check: checkRange,
    }),
    ...judgeMoment(clause.before, [...at, 'before']),
    ...judgeMoment(clause.after, [...at, 'after']),
    ...judgeNetworks(clause.cidr, [...at, 'cidr']),
  ];
}

function judgeCount(clause: AttributeClause, at: Pointer): Issue[] {
  const names = Object.keys(clause);
  if (!names.some((name) => name !== 'attribute' && name !== 'ignoreCase')) {
    const sentence = `no test stands beside attribute ${clause.attribute}; one was wanted, such as equals`;
    return [errorAt(at, 'MISSING_FIELD', placed(at, sentence))];
  }
  if (clause.ignoreCase === undefined || TEXT_TESTS.some((test) => clause[test] !== undefined)) return [];
  const place = [...at, 'ignoreCase'];
  return [errorAt(place, 'INVALID_VALUE', placed(place, 'there is no test on text beside it'))];
}

function judgeNetworks(networks: AttributeClause['cidr'], at: Pointer): Issue[] {
  if (typeof networks === 'string') {
    return checked({ text: networks, at, code: 'INVALID_NETWORK', check: checkNetwork });
  }
  return (networks ?? []).flatMap((text, place) =>
    checked({ text, at: [...at, place], code: 'INVALID_NETWORK', check: checkNetwork }),
  );
}

interface CheckedText {
  readonly text: string | undefined;
  readonly at: Pointer;
  readonly code: ProblemCode;
  readonly check: (text: string) => string | undefined;
}

function checked({ text, at, code, check }: CheckedText): Issue[] {
  const sentence = text === undefined ? undefined : check(text);
  // As a part of a longer sentence it has no full stop.
  return sentence === undefined ? [] : [errorAt(at, code, placed(at, sentence.replace(/\.$/, '')))];
}
