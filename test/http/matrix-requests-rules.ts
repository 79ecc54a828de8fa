import type { Sample, SampleOrg } from './matrix-requests.js';

function segments({ project }: SampleOrg): string {
  return `/api/admin/projects/${project}/segments`;
}

function rules({ project, environment, flag }: SampleOrg): string {
  return `/api/admin/projects/${project}/environments/${environment}/flags/${flag}/rules`;
}

const RULE = { id: 'fresh', percentage: 5 };

/** The operations of segments, and of the rules of a flag in an environment. */
export const RULE_SAMPLES = {
  'GET /api/admin/projects/:projectId/segments': { who: 'view-project', path: segments, allowed: 200 },
  'POST /api/admin/projects/:projectId/segments': {
    who: 'manage-project',
    path: segments,
    body: () => ({ key: 'fresh' }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/segments/:segmentId': {
    who: 'view-project',
    path: (org) => `${segments(org)}/${org.segment}`,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/segments/:segmentId': {
    who: 'manage-project',
    path: (org) => `${segments(org)}/${org.segment}`,
    body: () => ({ description: 'others' }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId/segments/:segmentId': {
    who: 'manage-project',
    path: (org) => `${segments(org)}/${org.segment}`,
    allowed: 412,
  },

  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    who: 'view-environment',
    path: rules,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    who: 'manage-environment',
    path: rules,
    body: () => ({ rules: [] }),
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    who: 'manage-environment',
    path: rules,
    body: () => RULE,
    allowed: 412,
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/reorder': {
    who: 'manage-environment',
    path: (org) => `${rules(org)}/reorder`,
    body: () => ({ ruleIds: ['germans'] }),
    allowed: 412,
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    who: 'view-environment',
    path: (org) => `${rules(org)}/germans`,
    allowed: 200,
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    who: 'manage-environment',
    path: (org) => `${rules(org)}/germans`,
    body: () => ({ percentage: 5 }),
    allowed: 412,
  },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    who: 'manage-environment',
    path: (org) => `${rules(org)}/germans`,
    allowed: 412,
  },
} satisfies Readonly<Record<string, Sample>>;
