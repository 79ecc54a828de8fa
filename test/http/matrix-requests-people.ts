import type { Operation } from '../../src/http/permissions.js';
import { emailOf } from './matrix-files.js';
import type { Sample, SampleOrg } from './matrix-requests.js';

const MEMBERS = '/api/admin/members';
const GROUPS = '/api/admin/groups';
const INVITATIONS = '/api/admin/invitations';

/** Members, groups, invitations and API keys of the admin API. */
export const PEOPLE_SAMPLES = {
  [`GET ${MEMBERS}`]: { who: 'manage-org', path: (org) => inOrg(MEMBERS, org), allowed: 200 },
  [`POST ${MEMBERS}`]: {
    who: 'manage-org',
    path: (org) => inOrg(MEMBERS, org),
    body: () => ({ email: 'matrix@example.com', permissions: ['org:member'] }),
    allowed: 412,
  },
  [`GET ${MEMBERS}/:email`]: { who: 'manage-org', path: member, allowed: 200 },
  [`PUT ${MEMBERS}/:email`]: {
    who: 'manage-org',
    path: member,
    body: () => ({ permissions: ['org:admin'] }),
    allowed: 412,
  },
  [`DELETE ${MEMBERS}/:email`]: { who: 'manage-org', path: member, allowed: 412 },

  [`GET ${GROUPS}`]: { who: 'manage-org', path: (org) => inOrg(GROUPS, org), allowed: 200 },
  [`POST ${GROUPS}`]: {
    who: 'manage-org',
    path: (org) => inOrg(GROUPS, org),
    body: () => ({ key: 'matrix' }),
    allowed: 412,
  },
  [`GET ${GROUPS}/:groupKey`]: { who: 'manage-org', path: group, allowed: 200 },
  [`PUT ${GROUPS}/:groupKey`]: {
    who: 'manage-org',
    path: group,
    body: () => ({ permissions: ['org:admin'] }),
    allowed: 412,
  },
  [`DELETE ${GROUPS}/:groupKey`]: { who: 'manage-org', path: group, allowed: 412 },

  'GET /api/admin/me/invitations': {
    who: 'people',
    path: () => '/api/admin/me/invitations',
    allowed: 200,
    isGlobal: true,
  },
  [`GET ${INVITATIONS}`]: { who: 'manage-org', path: (org) => inOrg(INVITATIONS, org), allowed: 200 },
  [`POST ${INVITATIONS}`]: {
    who: 'manage-org',
    path: (org) => inOrg(INVITATIONS, org),
    body: () => ({ email: 'matrix@example.com', permissions: ['org:admin'] }),
    allowed: 412,
  },
  [`GET ${INVITATIONS}/:email`]: { who: 'manage-org', path: (org) => invitation(org), allowed: 200 },
  [`DELETE ${INVITATIONS}/:email`]: { who: 'manage-org', path: (org) => invitation(org), allowed: 412 },
  [`POST ${INVITATIONS}/:email/accept`]: {
    who: 'invited',
    path: (org) => invitation(org, '/accept'),
    allowed: 412,
  },

  'GET /api/admin/projects/:projectId/environments/:environmentId/api-keys': {
    who: 'view-keys',
    path: (org) => apiKeys(org),
    allowed: 200,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/api-keys': {
    who: 'manage-environment',
    path: (org) => apiKeys(org),
    body: () => ({ name: 'matrix', kind: 'server' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    who: 'view-keys',
    path: (org) => apiKeys(org, `/${org.apiKey}`),
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    who: 'manage-environment',
    path: (org) => apiKeys(org, `/${org.apiKey}`),
    body: () => ({ name: 'matrix' }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    who: 'manage-environment',
    path: (org) => apiKeys(org, `/${org.apiKey}`),
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId/rotate': {
    who: 'manage-environment',
    path: (org) => apiKeys(org, `/${org.apiKey}/rotate`),
    allowed: 412,
  },
} as const satisfies Partial<Readonly<Record<Operation, Sample>>>;

function inOrg(path: string, { id }: SampleOrg): string {
  return `${path}?organizationId=${id}`;
}

function member(org: SampleOrg): string {
  return inOrg(`${MEMBERS}/${emailOf(org.key, 'env member')}`, org);
}

function group(org: SampleOrg): string {
  return inOrg(`${GROUPS}/web-team`, org);
}

function invitation(org: SampleOrg, below = ''): string {
  return inOrg(`${INVITATIONS}/soon@${org.key}.example.com${below}`, org);
}

function apiKeys({ project, environment }: SampleOrg, below = ''): string {
  return `/api/admin/projects/${project}/environments/${environment}/api-keys${below}`;
}
