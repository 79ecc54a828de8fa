import { type BadFile, production, ruleWith } from './bad-file.js';

/** Clauses whose YAML is good, but whose fields and types are not. */
export const BAD_CLAUSES: readonly BadFile[] = [
  {
    name: 'a clause without anything',
    kind: 'flag',
    content: ruleWith('{}'),
    problems: ['5:27 error MISSING_FIELD'],
  },
  {
    name: 'a clause of unknown keys',
    kind: 'flag',
    content: ruleWith('{ user: u-1 }'),
    problems: ['5:27 error MISSING_FIELD'],
  },
  {
    name: 'a clause that is text',
    kind: 'flag',
    content: ruleWith('country'),
    problems: ['5:27 error WRONG_TYPE'],
  },
  {
    name: 'a misspelt operator',
    kind: 'flag',
    content: ruleWith('{ attribute: country, equal: DE }'),
    problems: ['5:49 error UNKNOWN_FIELD'],
  },
  {
    name: 'an unknown operator',
    kind: 'flag',
    content: ruleWith('{ attribute: country, sounds: DE }'),
    problems: ['5:49 error UNKNOWN_FIELD'],
  },
  {
    name: 'an operator without its attribute',
    kind: 'flag',
    content: ruleWith('{ equals: DE }'),
    problems: ['5:27 error MISSING_FIELD'],
  },
  {
    name: 'two clauses in one',
    kind: 'flag',
    content: ruleWith('{ segment: staff, flag: layout }'),
    problems: ['5:45 error UNKNOWN_FIELD'],
  },
  {
    name: 'not with a list',
    kind: 'flag',
    content: ruleWith('{ not: [{ segment: staff }] }'),
    problems: ['5:29 error WRONG_TYPE'],
  },
  {
    name: 'text for a list of values',
    kind: 'flag',
    content: ruleWith('{ attribute: country, in: DE }'),
    problems: ['5:53 error WRONG_TYPE'],
  },
  {
    name: 'an empty list of values',
    kind: 'flag',
    content: ruleWith('{ attribute: country, in: [] }'),
    problems: ['5:49 error INVALID_VALUE'],
  },
  {
    name: 'a segment for those of no clause, who would be everyone',
    kind: 'segment',
    content: 'when: []\n',
    problems: ['1:1 error INVALID_VALUE'],
  },
  {
    name: 'a rule without a clause in its list',
    kind: 'flag',
    content: production('    rules: [{ id: one, when: [] }]\n'),
    problems: ['4:24 error INVALID_VALUE'],
  },
  {
    name: 'all and any of nothing',
    kind: 'flag',
    content: ruleWith('{ not: { any: [] } }, { all: [] }'),
    problems: ['5:36 error INVALID_VALUE', '5:51 error INVALID_VALUE'],
  },
  {
    name: 'a map as a value',
    kind: 'flag',
    content: ruleWith('{ attribute: country, equals: { a: 1 } }'),
    problems: ['5:49 error WRONG_TYPE'],
  },
  {
    name: 'text for a bound',
    kind: 'flag',
    content: ruleWith('{ attribute: age, gt: "18" }'),
    problems: ['5:49 error WRONG_TYPE'],
  },
  {
    name: 'a version without quotes',
    kind: 'flag',
    content: ruleWith('{ attribute: app, semverGte: 2.4 }'),
    problems: ['5:56 error WRONG_TYPE'],
  },
  {
    name: 'a regular expression that is too long',
    kind: 'flag',
    content: ruleWith(`{ attribute: a, matches: ${'a'.repeat(257)} }`),
    problems: ['5:52 error INVALID_VALUE'],
  },
  {
    name: 'an error in a list in a union',
    kind: 'segment',
    content: 'when: [{ any: [{ attribute: ip, cidr: [1, 10.0.0.0/8] }] }]\n',
    problems: ['1:40 error WRONG_TYPE'],
  },
];
