import { ALL_CODES, isCheckCode } from '../../../src/files/checks/codes.js';
import type { FileKind } from '../../../src/files/parsed.js';
import type { JsonValue } from '../../../src/model/values.js';

/** One file of a kind that says much of what its kind can say: what is changed in it must be told. */
export interface RichFile {
  readonly kind: FileKind;
  readonly path: string;
  /** The schema's file, without its extension. */
  readonly schema: string;
  readonly value: JsonValue;
}

const project = 'flags/acme/web-app';

const when = [
  { attribute: 'country', equals: 'DE' },
  { attribute: 'plan', in: ['pro', 'enterprise'], ignoreCase: true },
  { any: [{ attribute: 'age', gte: 18, lt: 65 }, { segment: 'internal' }] },
  { all: [{ flag: 'theme' }, { flag: 'layout', variant: 'wide' }] },
  { not: { attribute: 'ip', cidr: ['10.0.0.0/8', '192.168.0.0/16'] } },
];

const production = {
  enabled: true,
  killed: true,
  offVariant: 'blue',
  segments: ['beta', { segment: 'internal', serve: 'red' }],
  requires: ['layout', { flag: 'theme', variant: 'dark' }],
  rules: [
    { id: 'german-pros', description: 'Cleared first', when, serve: 'blue' },
    { id: 'canary', percentage: 5, bucketBy: 'email', serve: { on: 20, off: 80 } },
    { id: 'rest', serve: null },
  ],
  serve: { on: 10, blue: 30, off: 60 },
};

const flag = {
  id: 'flg_1',
  name: 'New checkout',
  description: 'Redesigned checkout page',
  type: 'string',
  owner: 'team-payments',
  status: 'active',
  tags: ['web', 'shop'],
  expires: '2027-03-01',
  client: true,
  metadata: { ticket: 'PAY-1', size: 3 },
  salt: 'checkout-2',
  bucketBy: 'companyId',
  variants: { on: 'a', off: 'b', blue: 'c', red: 'd' },
  offVariant: 'red',
  createdAt: '2026-01-15T10:00:00Z',
  updatedAt: '2026-02-15T10:00:00Z',
  environments: { development: { enabled: true }, production },
};

const bareFlag = { environments: { development: { enabled: false }, production: { enabled: true } } };

const segment = {
  id: 'seg_1',
  name: 'Beta testers',
  description: 'They asked for it',
  active: false,
  include: { users: ['u-7', 'Marc@Example.com'], companies: ['company-1', 'company-2'] },
  exclude: { users: ['u-8', 'u-9'], companies: ['company-3', 'company-4'] },
  when: when.filter((clause) => !('all' in clause)),
  createdAt: '2026-01-15T10:00:00Z',
  updatedAt: '2026-02-15T10:00:00Z',
};

const overrides = [
  { users: ['u-1', 'u-2'], reason: 'dogfooding', until: '2027-01-31' },
  { users: ['u-3', 'u-4'], environments: ['production'], serve: null },
  { companies: ['company-9', 'company-8'], environments: ['staging', 'production'], serve: 'off' },
];

const tests = [
  {
    name: 'Berlin pro sees it',
    environment: 'production',
    context: { targetingKey: 'u-1', country: 'DE', app: { version: '2.4.0' } },
    now: '2026-01-15T10:00:00Z',
    enabled: false,
    killed: true,
    expect: { variant: 'on', value: true, reason: 'TARGETING_MATCH', rule: 'german-pros', segment: null },
  },
  { name: 'Others do not', expect: { variant: 'off', override: 'u-1' } },
];

const projectFile = {
  id: 'prj_1',
  name: 'Web app',
  description: 'The shop',
  environments: ['development', { key: 'staging', name: 'Staging', id: 'env_1' }, 'production'],
  defaultEnvironment: 'development',
  attributes: { country: 'string', plan: ['free', 'pro'], age: 'number' },
  webhooks: [
    { url: 'https://hooks.example.com/flags' },
    {
      url: 'https://chat.example.com/hook?room=7',
      description: 'The room of the team',
      events: ['flag', 'segment'],
      environments: ['development', 'production'],
    },
  ],
  recording: {
    development: { percentage: 100 },
    production: { percentage: 1.5, attributes: ['country', 'plan'], hashed: ['deviceId'] },
  },
  createdAt: '2026-01-15T10:00:00Z',
};

const org = {
  id: 'org_1',
  name: 'Acme',
  defaultProject: 'web-app',
  members: [
    { email: 'marc@example.com', name: 'Marc', permissions: ['org:admin', 'project:web-app:admin'] },
    { email: 'eve@example.com', permissions: ['org:member'] },
  ],
  groups: [
    {
      key: 'ops',
      name: 'Operators',
      members: ['a@example.com', 'b@example.com'],
      permissions: ['org:member'],
    },
    { key: 'devs', members: ['c@example.com'] },
  ],
  invitations: [
    {
      email: 'new@example.com',
      permissions: ['org:member', 'project:web-app:member'],
      invitedBy: 'marc@example.com',
      invitedAt: '2026-01-15T10:00:00Z',
    },
    { email: 'other@example.com' },
  ],
  createdAt: '2026-01-15T10:00:00Z',
};

const apiKeys = [
  {
    id: 'key_1',
    name: 'Backend',
    environment: 'production',
    kind: 'server',
    hash: 'a'.repeat(64),
    prefix: 'fs_server_ab12',
    createdBy: 'marc@example.com',
    createdAt: '2026-01-15T10:00:00Z',
    previous: { hash: 'c'.repeat(64), prefix: 'fs_server_ef56', until: '2026-01-16T10:00:00Z' },
  },
  { name: 'Shop', environment: 'staging', kind: 'client', hash: 'b'.repeat(64), prefix: 'fs_client_cd34' },
];

const settings = {
  defaultOrg: 'acme',
  checks: Object.fromEntries(ALL_CODES.filter(isCheckCode).map((code) => [code, 'warning'] as const)),
  policy: {
    owner: { environments: ['production'] },
    names: { flags: '^[a-z]', segments: '^[a-z]', rules: '^[a-z]', variants: '^[a-z]' },
    ramp: { points: 20, environments: ['production'] },
    fullyOnDays: 60,
  },
};

/** A file of each kind; of flags one that says all and one that says nearly nothing. */
export const RICH_FILES: readonly RichFile[] = [
  { kind: 'flag', path: `${project}/flags/new-checkout.yaml`, schema: 'flag', value: flag },
  { kind: 'flag', path: `${project}/flags/bare.yaml`, schema: 'flag', value: bareFlag },
  { kind: 'segment', path: `${project}/segments/beta.yaml`, schema: 'segment', value: segment },
  {
    kind: 'overrides',
    path: `${project}/overrides/new-checkout.yaml`,
    schema: 'overrides',
    value: overrides,
  },
  { kind: 'tests', path: `${project}/tests/new-checkout.yaml`, schema: 'tests', value: tests },
  { kind: 'project', path: `${project}/project.yaml`, schema: 'project', value: projectFile },
  { kind: 'org', path: 'flags/acme/org.yaml', schema: 'org', value: org },
  { kind: 'api-keys', path: `${project}/keys.yaml`, schema: 'keys', value: apiKeys },
  { kind: 'config', path: '.flagstaff.yaml', schema: 'flagstaff', value: settings },
];
