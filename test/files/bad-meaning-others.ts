import type { BadFile } from './bad-file.js';

/** Files of the other kinds of the right shape that say what cannot be meant. */
export const BAD_MEANING_OTHERS: readonly BadFile[] = [
  {
    name: 'a policy with a pattern that is none',
    kind: 'config',
    content: 'policy:\n  names:\n    flags: "("\n',
    problems: ['3:12 error INVALID_REGEX'],
  },
  {
    name: 'a policy that names an environment twice',
    kind: 'config',
    content: 'policy: { owner: { environments: [production, production] } }\n',
    problems: ['1:47 error DUPLICATE_NAME'],
  },
  {
    name: 'a flag in a segment',
    kind: 'segment',
    content: 'when: [{ any: [{ flag: layout }] }]\n',
    problems: ['1:24 error FLAG_CLAUSE_IN_SEGMENT'],
  },
  {
    name: 'a user who is included and excluded',
    kind: 'segment',
    content: 'include: { users: [u-1, A@example.com] }\nexclude: { users: [a@Example.com] }\n',
    problems: ['1:25 warning UNREACHABLE'],
  },
  {
    name: 'a company that is included, and excluded in another case, which is another',
    kind: 'segment',
    content: 'include: { companies: [A@b, c@d] }\nexclude: { companies: [a@b, c@d] }\n',
    problems: ['1:29 warning UNREACHABLE'],
  },
  {
    name: 'an override for nobody',
    kind: 'overrides',
    content: '- { reason: later }\n',
    problems: ['1:3 error MISSING_FIELD'],
  },
  {
    name: 'a user named twice',
    kind: 'overrides',
    content: '- { users: [u-1] }\n- { users: [u-2, u-1], serve: off }\n',
    problems: ['2:18 error DUPLICATE_NAME'],
  },
  {
    name: 'a user named twice for one environment',
    kind: 'overrides',
    content:
      '- { users: [u-1], environments: [production, staging] }\n- { users: [u-1], environments: [development] }\n- { users: [u-1], environments: [staging] }\n',
    problems: ['3:13 error DUPLICATE_NAME'],
  },
  {
    name: 'an address named twice in another case',
    kind: 'overrides',
    content: '- { users: [Marc@example.com] }\n- { users: [marc@Example.com] }\n',
    problems: [
      '1:13 warning EMAIL_IN_OVERRIDE',
      '2:13 warning EMAIL_IN_OVERRIDE',
      '2:13 error DUPLICATE_NAME',
    ],
  },
  {
    name: 'two companies that differ in case, which are two',
    kind: 'overrides',
    content: '- { companies: [A@b] }\n- { companies: [a@b, A@b] }\n',
    problems: ['2:22 error DUPLICATE_NAME'],
  },
  {
    name: 'a last day that does not exist',
    kind: 'overrides',
    content: '- { users: [u-1], until: 2027-04-31 }\n',
    problems: ['1:26 error INVALID_DATE'],
  },
  {
    name: 'two tests of one name',
    kind: 'tests',
    content: '- { name: a, expect: { variant: on } }\n- { name: a, expect: { variant: off } }\n',
    problems: ['2:11 error DUPLICATE_NAME'],
  },
  {
    name: 'a test at no moment',
    kind: 'tests',
    content: '- { name: a, now: 2026-02-30T00:00:00Z, expect: { variant: on } }\n',
    problems: ['1:19 error INVALID_DATE'],
  },
  {
    name: 'an environment twice',
    kind: 'project',
    content: 'environments: [production, { key: production }]\n',
    problems: ['1:28 error DUPLICATE_NAME'],
  },
  {
    name: 'an environment that is a device of Windows',
    kind: 'project',
    content: 'environments: [production, con]\n',
    problems: ['1:28 error INVALID_KEY'],
  },
  {
    name: 'a default environment that is not there',
    kind: 'project',
    content: 'environments: [staging, production]\ndefaultEnvironment: produktion\n',
    problems: ['2:21 error UNKNOWN_ENVIRONMENT'],
  },
  {
    name: 'a webhook to what is no address',
    kind: 'project',
    content: "environments: [production]\nwebhooks:\n  - url: 'https://hooks.example.com:flags/'\n",
    problems: ['3:10 error INVALID_VALUE'],
  },
  {
    name: 'a webhook twice',
    kind: 'project',
    content:
      'environments: [production]\nwebhooks:\n  - { url: https://a.example.com }\n  - { url: https://a.example.com }\n',
    problems: ['4:12 error DUPLICATE_NAME'],
  },
  {
    name: 'a webhook for an environment that is not there',
    kind: 'project',
    content:
      'environments: [production]\nwebhooks:\n  - { url: https://a.example.com, environments: [production, produktion] }\n',
    problems: ['3:62 error UNKNOWN_ENVIRONMENT'],
  },
  {
    name: 'what is recorded of an environment that is not there',
    kind: 'project',
    content: 'environments: [production]\nrecording:\n  produktion: { percentage: 1 }\n',
    problems: ['3:3 error UNKNOWN_ENVIRONMENT'],
  },
  {
    name: 'a name of somebody, and a hashed attribute, among what is recorded as it is',
    kind: 'project',
    content:
      'environments: [production]\nrecording:\n  production: { percentage: 1, attributes: [plan, email, deviceId], hashed: [deviceId] }\n',
    problems: ['3:51 error INVALID_VALUE', '3:58 error INVALID_VALUE'],
  },
  {
    name: 'a member twice',
    kind: 'org',
    content: 'members:\n  - { email: ada@example.com }\n  - { email: Ada@example.com }\n',
    problems: ['3:14 error DUPLICATE_NAME'],
  },
  {
    name: 'a group twice',
    kind: 'org',
    content: 'groups: [{ key: on-call }, { key: on-call }]\n',
    problems: ['1:35 error DUPLICATE_NAME'],
  },
  {
    name: 'an API key twice',
    kind: 'api-keys',
    content: `- { name: a, environment: production, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }\n- { name: b, environment: production, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }\n`,
    problems: ['2:73 error DUPLICATE_NAME'],
  },
  {
    name: 'an API key that another one replaced',
    kind: 'api-keys',
    content: `- name: a
  environment: production
  kind: server
  prefix: fs_s
  hash: ${'a'.repeat(64)}
  previous: { hash: ${'a'.repeat(64)}, prefix: fs_s, until: 2026-02-30T10:00:00Z }
`,
    problems: ['6:21 error DUPLICATE_NAME', '6:108 error INVALID_DATE'],
  },
];
