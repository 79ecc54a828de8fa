import { type BadFile, production, ruleWith } from './bad-file.js';

/** Flags of the right shape that say what cannot be meant, as far as one file alone can tell. */
export const BAD_MEANING: readonly BadFile[] = [
  {
    name: 'a string flag without variants',
    kind: 'flag',
    content: 'type: string\nenvironments: {}\n',
    problems: ['1:7 error MISSING_FIELD'],
  },
  {
    name: 'a number as a variant of a string flag',
    kind: 'flag',
    content: 'type: string\nvariants: { on: 1, off: x }\nenvironments: {}\n',
    problems: ['2:17 error VARIANT_TYPE'],
  },
  {
    name: 'text as a variant of a boolean flag',
    kind: 'flag',
    content: 'variants: { on: "true", off: false }\nenvironments: {}\n',
    problems: ['1:17 error VARIANT_TYPE'],
  },
  {
    name: 'a list as a variant of an object flag',
    kind: 'flag',
    content: 'type: object\nvariants: { on: [1] }\nenvironments: {}\n',
    problems: ['2:13 error VARIANT_TYPE'],
  },
  {
    name: 'metadata that an answer would take for what decided',
    kind: 'flag',
    content: 'metadata: { ticket: PAY-1, rule: fake, revision: x }\nenvironments: {}\n',
    problems: ['1:28 error INVALID_VALUE', '1:40 error INVALID_VALUE'],
  },
  {
    name: 'an off variant that is not there',
    kind: 'flag',
    content: 'offVariant: of\nenvironments: {}\n',
    problems: ['1:13 error UNKNOWN_VARIANT'],
  },
  {
    name: 'an off variant of an environment that is not there',
    kind: 'flag',
    content: production('    offVariant: none\n'),
    problems: ['4:17 error UNKNOWN_VARIANT'],
  },
  {
    name: 'a served variant that is not there',
    kind: 'flag',
    content: production('    serve: onn\n'),
    problems: ['4:12 error UNKNOWN_VARIANT'],
  },
  {
    name: 'a weight for a variant that is not there',
    kind: 'flag',
    content: production('    serve: { on: 1, blue: 1 }\n'),
    problems: ['4:21 error UNKNOWN_VARIANT'],
  },
  {
    name: 'a variant of a rule that is not there',
    kind: 'flag',
    content: production('    rules:\n      - { id: a, percentage: 5, serve: blue }\n'),
    problems: ['5:40 error UNKNOWN_VARIANT'],
  },
  {
    name: 'a variant of an attachment that is not there',
    kind: 'flag',
    content: production('    segments: [{ segment: staff, serve: blue }]\n'),
    problems: ['4:41 error UNKNOWN_VARIANT'],
  },
  {
    name: 'nothing served and no variant on',
    kind: 'flag',
    content: `type: string\nvariants: { a: x, off: y }\n${production('')}`,
    problems: ['2:24 warning YAML_1_1_WORD', '4:3 error MISSING_SERVE'],
  },
  {
    name: 'an attachment without its variant and no variant on',
    kind: 'flag',
    content: `type: string\nvariants: { a: x }\n${production('    segments: [staff]\n    serve: a\n')}`,
    problems: ['6:16 error MISSING_SERVE'],
  },
  {
    name: 'a rule without its variant and no variant on',
    kind: 'flag',
    content:
      'type: string\nvariants: { a: x }\n' +
      production('    rules: [{ id: one, percentage: 5 }]\n    serve: a\n'),
    problems: ['6:13 error MISSING_SERVE'],
  },
  {
    name: 'weights that are all zero',
    kind: 'flag',
    content: production('    serve: { on: 0, off: 0 }\n'),
    problems: ['4:5 error INVALID_SPLIT'],
  },
  {
    name: 'weights beyond 31 bits',
    kind: 'flag',
    content: production('    serve: { on: 2147483647, off: 1 }\n'),
    problems: ['4:5 error INVALID_SPLIT'],
  },
  {
    name: 'a percentage with four decimals',
    kind: 'flag',
    content: production('    rules:\n      - { id: a, percentage: 0.0001 }\n'),
    problems: ['5:30 error INVALID_VALUE'],
  },
  {
    name: 'two rules of one id',
    kind: 'flag',
    content: production('    rules:\n      - { id: a, percentage: 5 }\n      - { id: a, percentage: 6 }\n'),
    problems: ['6:15 error DUPLICATE_ID'],
  },
  {
    name: 'a rule after one for everyone',
    kind: 'flag',
    content: production('    rules:\n      - { id: all }\n      - { id: late, percentage: 6 }\n'),
    problems: ['6:9 warning UNREACHABLE'],
  },
  {
    name: 'a segment attached twice',
    kind: 'flag',
    content: production('    segments: [staff, { segment: staff, serve: off }]\n'),
    problems: ['4:23 warning UNREACHABLE'],
  },
  {
    name: 'a regular expression that looks back',
    kind: 'flag',
    content: ruleWith('{ attribute: a, matches: "(a)\\\\1" }'),
    problems: ['5:52 error INVALID_REGEX'],
  },
  {
    name: 'a broken regular expression',
    kind: 'flag',
    content: ruleWith('{ attribute: a, matches: "(a" }'),
    problems: ['5:52 error INVALID_REGEX'],
  },
  {
    name: 'no version',
    kind: 'flag',
    content: ruleWith('{ attribute: a, semverGte: latest }'),
    problems: ['5:54 error INVALID_VERSION'],
  },
  {
    name: 'no range of versions',
    kind: 'flag',
    content: ruleWith('{ attribute: a, semverRange: ">=x.y.z.0" }'),
    problems: ['5:56 error INVALID_VERSION'],
  },
  {
    name: 'no network',
    kind: 'flag',
    content: ruleWith('{ attribute: a, cidr: 10.0.0.0/33 }'),
    problems: ['5:49 error INVALID_NETWORK'],
  },
  {
    name: 'no network in a list',
    kind: 'flag',
    content: ruleWith('{ attribute: a, cidr: [10.0.0.0/8, "::1/129"] }'),
    problems: ['5:62 error INVALID_NETWORK'],
  },
  {
    name: 'a day in February that no year has',
    kind: 'flag',
    content: 'expires: 2027-02-30\nenvironments: {}\n',
    problems: ['1:10 error INVALID_DATE'],
  },
  {
    name: "a moment at 25 o'clock",
    kind: 'flag',
    content: 'createdAt: 2026-01-15T25:00:00Z\nenvironments: {}\n',
    problems: ['1:12 error INVALID_DATE'],
  },
  {
    name: 'a bound that is no moment',
    kind: 'flag',
    content: ruleWith('{ attribute: a, before: 2026-13-01T00:00:00Z }'),
    problems: ['5:51 error INVALID_DATE'],
  },
  {
    name: 'an attribute without a test',
    kind: 'flag',
    content: ruleWith('{ attribute: country }'),
    problems: ['5:27 error MISSING_FIELD'],
  },
  {
    name: 'ignoreCase without a test',
    kind: 'flag',
    content: ruleWith('{ attribute: country, ignoreCase: true }'),
    problems: ['5:27 error MISSING_FIELD'],
  },
  {
    name: 'ignoreCase beside a number',
    kind: 'flag',
    content: ruleWith('{ attribute: age, gt: 18, ignoreCase: true }'),
    problems: ['5:65 error INVALID_VALUE'],
  },
];
