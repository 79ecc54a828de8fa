import type { BadFile } from './bad-file.js';

/** Files of the other kinds whose YAML is good, but whose fields and types are not. */
export const BAD_SHAPE_OTHERS: readonly BadFile[] = [
  {
    name: 'a map where a list is wanted',
    kind: 'overrides',
    content: 'users: [u-1]\n',
    problems: ['1:1 error WRONG_TYPE'],
  },
  {
    name: 'users as text',
    kind: 'overrides',
    content: '- { users: u-1 }\n',
    problems: ['1:12 error WRONG_TYPE'],
  },
  {
    name: 'an override without names in its list',
    kind: 'overrides',
    content: '- { users: [] }\n',
    problems: ['1:5 error INVALID_VALUE'],
  },
  {
    name: 'a test that expects nothing',
    kind: 'tests',
    content: '- { name: a, expect: {} }\n',
    problems: ['1:14 error INVALID_VALUE'],
  },
  {
    name: 'a test without a name',
    kind: 'tests',
    content: '- { expect: { variant: on } }\n',
    problems: ['1:3 error MISSING_FIELD'],
  },
  {
    name: 'a context that is a list',
    kind: 'tests',
    content: '- { name: a, context: [u-1], expect: { variant: on } }\n',
    problems: ['1:14 error WRONG_TYPE'],
  },
  {
    name: 'an unknown reason',
    kind: 'tests',
    content: '- { name: a, expect: { reason: MATCH } }\n',
    problems: ['1:32 error INVALID_VALUE'],
  },
  {
    name: 'a project without environments',
    kind: 'project',
    content: 'name: a\n',
    problems: ['1:1 error MISSING_FIELD'],
  },
  {
    name: 'an empty list of environments',
    kind: 'project',
    content: 'environments: []\n',
    problems: ['1:1 error INVALID_VALUE'],
  },
  {
    name: 'an unknown type of attribute',
    kind: 'project',
    content: 'environments: [production]\nattributes: { country: text }\n',
    problems: ['2:24 error INVALID_VALUE'],
  },
  {
    name: 'a webhook with a password in its address',
    kind: 'project',
    content: 'environments: [production]\nwebhooks: [{ url: "https://me:secret@a.example.com" }]\n',
    problems: ['2:19 error INVALID_VALUE'],
  },
  {
    name: 'a webhook of another protocol',
    kind: 'project',
    content: 'environments: [production]\nwebhooks: [{ url: "ftp://a.example.com" }]\n',
    problems: ['2:19 error INVALID_VALUE'],
  },
  {
    name: 'a webhook for an event that there is not',
    kind: 'project',
    content: 'environments: [production]\nwebhooks: [{ url: https://a.example.com, events: [flags] }]\n',
    problems: ['2:51 error INVALID_VALUE'],
  },
  {
    name: 'a member without an address',
    kind: 'org',
    content: 'members: [{ name: Ada }]\n',
    problems: ['1:11 error MISSING_FIELD'],
  },
  {
    name: 'an address without its at sign',
    kind: 'org',
    content: 'members: [{ email: ada }]\n',
    problems: ['1:20 error INVALID_VALUE'],
  },
  {
    name: 'an unknown permission',
    kind: 'org',
    content: 'members: [{ email: ada@example.com, permissions: [admin] }]\n',
    problems: ['1:51 error INVALID_VALUE'],
  },
  {
    name: 'a key that is no hash',
    kind: 'api-keys',
    content: '- { name: a, environment: production, kind: server, prefix: fs_s, hash: fs_server_secret }\n',
    problems: ['1:73 error INVALID_VALUE'],
  },
  {
    name: 'an organization key in capitals',
    kind: 'config',
    content: 'defaultOrg: Acme\n',
    problems: ['1:13 error INVALID_VALUE'],
  },
  {
    name: 'an unknown setting',
    kind: 'config',
    content: 'defaultOrganization: acme\n',
    problems: ['1:1 error UNKNOWN_FIELD'],
  },
  {
    name: 'a level for a check that there is not',
    kind: 'config',
    content: 'checks:\n  EXPIRED: error\n  EXPIRD: off\n',
    problems: ['3:3 error UNKNOWN_FIELD'],
  },
  {
    name: 'a level for what makes a file unservable',
    kind: 'config',
    content: 'checks: { INVALID_SPLIT: warning }\n',
    problems: ['1:11 error UNKNOWN_FIELD'],
  },
  {
    name: 'a level that there is not',
    kind: 'config',
    content: 'checks:\n  EXPIRED: fatal\n',
    problems: ['2:12 error INVALID_VALUE'],
  },
  {
    name: 'a ramp of more points than there are',
    kind: 'config',
    content: 'policy: { ramp: { points: 120 } }\n',
    problems: ['1:27 error INVALID_VALUE'],
  },
];
