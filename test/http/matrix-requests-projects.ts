import type { Operation } from '../../src/http/permissions.js';
import type { Sample } from './matrix-requests.js';

/** Projects and environments of the admin API. */
export const PROJECT_SAMPLES = {
  'GET /api/admin/projects': {
    who: 'people',
    path: () => '/api/admin/projects',
    allowed: 200,
    isGlobal: true,
  },
  'POST /api/admin/projects': {
    who: 'manage-org',
    path: ({ id }) => `/api/admin/projects?organizationId=${id}`,
    body: () => ({ key: 'matrix' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId': {
    who: 'see-project',
    path: ({ project }) => `/api/admin/projects/${project}`,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId': {
    who: 'manage-project',
    path: ({ project }) => `/api/admin/projects/${project}`,
    body: () => ({ name: 'Matrix' }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId': {
    who: 'manage-org',
    path: ({ project }) => `/api/admin/projects/${project}?cascade=true`,
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/environments': {
    who: 'view-project',
    path: ({ project }) => `/api/admin/projects/${project}/environments`,
    allowed: 200,
  },
  'POST /api/admin/projects/:projectId/environments': {
    who: 'manage-project',
    path: ({ project }) => `/api/admin/projects/${project}/environments`,
    body: () => ({ key: 'matrix' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId': {
    who: 'view-environment',
    path: ({ project, environment }) => `/api/admin/projects/${project}/environments/${environment}`,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId': {
    who: 'manage-project',
    path: ({ project, environment }) => `/api/admin/projects/${project}/environments/${environment}`,
    body: () => ({ name: 'Matrix' }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId': {
    who: 'manage-project',
    path: ({ project, otherEnvironment }) =>
      `/api/admin/projects/${project}/environments/${otherEnvironment}`,
    allowed: 412,
  },
} as const satisfies Partial<Readonly<Record<Operation, Sample>>>;
