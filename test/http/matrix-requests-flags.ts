import type { Sample, SampleOrg } from './matrix-requests.js';

function flags({ project }: SampleOrg): string {
  return `/api/admin/projects/${project}/flags`;
}

function oneFlag(org: SampleOrg): string {
  return `${flags(org)}/${org.flag}`;
}

function environment({ project, environment }: SampleOrg): string {
  return `/api/admin/projects/${project}/environments/${environment}`;
}

function state(org: SampleOrg): string {
  return `${environment(org)}/flags/${org.flag}`;
}

/** The operations of flags, of their state in an environment, and of promotions. */
export const FLAG_SAMPLES = {
  'GET /api/admin/projects/:projectId/flags': { who: 'view-project', path: flags, allowed: 200 },
  'POST /api/admin/projects/:projectId/flags': {
    who: 'manage-project',
    path: flags,
    body: () => ({ key: 'fresh' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/flags/:flagId': { who: 'view-project', path: oneFlag, allowed: 200 },
  'PUT /api/admin/projects/:projectId/flags/:flagId': {
    who: 'manage-project',
    path: oneFlag,
    body: () => ({ description: 'another' }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId/flags/:flagId': {
    who: 'manage-project',
    path: oneFlag,
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/flags/:flagId/copy': {
    who: 'manage-project',
    path: (org) => `${oneFlag(org)}/copy`,
    body: () => ({ key: 'fresh' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId': {
    who: 'view-environment',
    path: state,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId': {
    who: 'manage-environment',
    path: state,
    body: () => ({ enabled: false }),
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/kill': {
    who: 'manage-environment',
    path: (org) => `${state(org)}/kill`,
    body: () => ({ reason: 'it burns' }),
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/unkill': {
    who: 'manage-environment',
    path: (org) => `${state(org)}/unkill`,
    body: () => ({ reason: 'it is out' }),
    allowed: 412,
  },
  // To development, of which nobody is an admin who is not the project's.
  'POST /api/admin/projects/:projectId/environments/:environmentId/promote': {
    who: 'manage-project',
    path: (org) => `${environment(org)}/promote`,
    body: () => ({ to: 'development', dryRun: true }),
    allowed: 200,
  },
} satisfies Readonly<Record<string, Sample>>;
