import type { Sample, SampleOrg } from './matrix-requests.js';

const FLAGS = '/api/v1/feature-flags';
const CHANGES = '/api/v1/changes';
const EVALUATE = '/ofrep/v1/evaluate/flags';

function orgQuery({ id }: SampleOrg): string {
  return `org_id=${id}`;
}

function evaluation({ key }: SampleOrg): string {
  return `/orgs/${key}/projects/web-app/environments/production${EVALUATE}`;
}

/** The operations of evaluation, of seed 000 and of change sets. */
export const FIRST_SAMPLES = {
  'GET /health': { who: 'everybody', path: () => '/health', allowed: 200, isGlobal: true },
  'GET /ready': { who: 'everybody', path: () => '/ready', allowed: 200, isGlobal: true },
  'GET /metrics': {
    who: 'super-admin',
    also: 'local',
    path: () => '/metrics',
    allowed: 200,
    isGlobal: true,
  },

  'POST /ofrep/v1/evaluate/flags': {
    who: 'view-environment',
    also: 'readers',
    path: () => EVALUATE,
    body: () => ({}),
    allowed: 200,
    isGlobal: true,
  },
  'POST /ofrep/v1/evaluate/flags/:key': {
    who: 'view-environment',
    also: 'readers',
    path: () => `${EVALUATE}/banner`,
    body: () => ({}),
    allowed: 200,
    isGlobal: true,
  },
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags': {
    who: 'view-environment',
    also: 'readers',
    path: evaluation,
    body: () => ({}),
    allowed: 200,
  },
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags/:key': {
    who: 'view-environment',
    also: 'readers',
    path: (org) => `${evaluation(org)}/banner`,
    body: () => ({}),
    allowed: 200,
  },

  'GET /api/v1/flags/events': {
    who: 'view-environment',
    also: 'readers',
    path: () => '/api/v1/flags/events',
    allowed: 200,
    isGlobal: true,
  },
  // Whoever asks, it is the ticket that opens it; the tests of tickets show what it opens.
  'GET /api/v1/flags/stream': {
    who: 'everybody',
    path: () => '/api/v1/flags/stream?ticket=fs_ticket_none',
    allowed: 401,
    isGlobal: true,
  },

  'GET /flagd/flags.json': {
    who: 'view-environment',
    also: 'servers',
    path: () => '/flagd/flags.json',
    allowed: 200,
    isGlobal: true,
  },
  'GET /orgs/:organization/projects/:project/environments/:environment/flagd/flags.json': {
    who: 'view-environment',
    also: 'servers',
    path: ({ key }) => `/orgs/${key}/projects/web-app/environments/production/flagd/flags.json`,
    allowed: 200,
  },

  'GET /api/v1/feature-flags': {
    who: 'view-project',
    also: 'readers',
    path: (org) => `${FLAGS}?${orgQuery(org)}`,
    allowed: 200,
  },
  'POST /api/v1/feature-flags': {
    who: 'manage-project',
    path: (org) => `${FLAGS}?${orgQuery(org)}`,
    body: () => ({ feature_key: 'fresh' }),
    allowed: 412,
  },
  'POST /api/v1/feature-flags/invalidate': {
    who: 'manage-org',
    path: () => `${FLAGS}/invalidate`,
    body: ({ id }) => ({ org_id: id }),
    allowed: 200,
  },
  'POST /api/v1/feature-flags/load/:orgId': {
    who: 'view-org',
    path: ({ id }) => `${FLAGS}/load/${id}`,
    body: () => ({}),
    allowed: 200,
  },
  'GET /api/v1/feature-flags/:key': {
    who: 'view-project',
    also: 'readers',
    path: (org) => `${FLAGS}/banner?${orgQuery(org)}`,
    allowed: 200,
  },
  'PUT /api/v1/feature-flags/:key': {
    who: 'manage-environment',
    path: (org) => `${FLAGS}/banner?${orgQuery(org)}`,
    body: () => ({ is_enabled: false }),
    allowed: 412,
  },
  'DELETE /api/v1/feature-flags/:key': {
    who: 'manage-project',
    path: (org) => `${FLAGS}/banner?${orgQuery(org)}`,
    allowed: 412,
  },
  'POST /api/v1/feature-flags/:key/kill': {
    who: 'manage-environment',
    path: (org) => `${FLAGS}/banner/kill?${orgQuery(org)}`,
    body: () => ({ reason: 'it burns' }),
    allowed: 412,
  },
  'POST /api/v1/feature-flags/:key/unkill': {
    who: 'manage-environment',
    path: (org) => `${FLAGS}/banner/unkill?${orgQuery(org)}`,
    body: () => ({ reason: 'it is out' }),
    allowed: 412,
  },
  'POST /api/v1/feature-flags/:key/revert': {
    who: 'manage-project',
    path: (org) => `${FLAGS}/banner/revert?${orgQuery(org)}`,
    body: ({ commit }) => ({ to: commit }),
    allowed: 412,
  },
  'GET /api/v1/feature-flags/:key/history': {
    who: 'view-project',
    also: 'local',
    path: (org) => `${FLAGS}/banner/history?${orgQuery(org)}`,
    allowed: 200,
  },
  'GET /api/v1/feature-flags/:key/blame': {
    who: 'view-project',
    also: 'local',
    path: (org) => `${FLAGS}/banner/blame?${orgQuery(org)}`,
    allowed: 200,
  },

  'POST /api/v1/changes': {
    who: 'manage-environment',
    path: () => CHANGES,
    body: ({ id }) => ({
      org_id: id,
      changes: [{ kind: 'flag.kill', flag: 'banner', environment: 'production' }],
    }),
    allowed: 412,
  },
  'GET /api/v1/changes': {
    who: 'view-project',
    also: 'local',
    path: (org) => `${CHANGES}?${orgQuery(org)}`,
    allowed: 200,
  },
  'GET /api/v1/changes/:commit': {
    who: 'view-project',
    also: 'local',
    path: (org) => `${CHANGES}/${org.commit}?${orgQuery(org)}`,
    allowed: 200,
  },
  'POST /api/v1/changes/:commit/revert': {
    who: 'manage-project',
    path: ({ commit }) => `${CHANGES}/${commit}/revert`,
    body: ({ id }) => ({ org_id: id }),
    allowed: 412,
  },
} satisfies Readonly<Record<string, Sample>>;
