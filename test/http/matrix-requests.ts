import type { Operation } from '../../src/http/permissions.js';
import { CONFIG_SAMPLES } from './matrix-requests-config.js';
import { FIRST_SAMPLES } from './matrix-requests-first.js';
import { FLAG_SAMPLES } from './matrix-requests-flags.js';
import { PEOPLE_SAMPLES } from './matrix-requests-people.js';
import { PROJECT_SAMPLES } from './matrix-requests-projects.js';
import { RULE_SAMPLES } from './matrix-requests-rules.js';

/** An organization of the matrix, with the numbers that paths name its things by. */
export interface SampleOrg {
  readonly key: string;
  readonly id: string;
  /** `web-app`, by number: both organizations have a project of that key. */
  readonly project: string;
  /** `production`, by number. */
  readonly environment: string;
  /** `development`, by number. */
  readonly otherEnvironment: string;
  /** The flag `banner`, by number; browsers may evaluate it. */
  readonly flag: string;
  /** The segment `beta`, by number. */
  readonly segment: string;
  /** An API key of `production`, by its id. */
  readonly apiKey: string;
  /** The commit that changed `banner` and nothing else. */
  readonly commit: string;
}

/**
 * Who may ask an operation. It is written down here apart from the code's own table, in the words of the seeds:
 * `everybody`; `people` who have a good token; `super-admin`; `invited`, who alone may accept; else the scope in which a
 * role is needed.
 */
export type Who =
  | 'everybody'
  | 'people'
  | 'super-admin'
  | 'invited'
  | 'view-org'
  | 'manage-org'
  | 'see-project'
  | 'view-project'
  | 'manage-project'
  | 'view-environment'
  | 'manage-environment'
  | 'view-keys';

/** One request for one operation: about an organization, and without a trace, whoever asks it. */
export interface Sample {
  readonly who: Who;
  /**
   * Who else may, without a role: `readers` are the anonymous on this machine and the keys of `production`, `servers` the
   * same without client keys, `local` only the anonymous.
   */
  readonly also?: 'readers' | 'servers' | 'local';
  readonly path: (org: SampleOrg) => string;
  readonly body?: (org: SampleOrg) => unknown;
  /**
   * What those get who may. Writes are to leave no trace, so they have a precondition that fails, and that is 412: only
   * those who may write learn what is there.
   */
  readonly allowed: number;
  /** True where the path is about no organization: then there is no other one to be kept out of. */
  readonly isGlobal?: boolean;
}

/**
 * Each operation has one: the compiler refuses a row of the table without. Requests that write are sent with an `If-Match`
 * that names the blob of no file.
 */
export const SAMPLES: Readonly<Record<Operation, Sample>> = {
  ...FIRST_SAMPLES,
  ...CONFIG_SAMPLES,
  ...PEOPLE_SAMPLES,
  ...PROJECT_SAMPLES,
  ...FLAG_SAMPLES,
  ...RULE_SAMPLES,

  'GET /openapi.json': { who: 'everybody', path: () => '/openapi.json', allowed: 200, isGlobal: true },
  'GET /docs': { who: 'everybody', path: () => '/docs', allowed: 200, isGlobal: true },
  'GET /docs/:file': { who: 'everybody', path: () => '/docs/start.js', allowed: 200, isGlobal: true },

  // The signature is judged by a server that has a secret; this one has none.
  'POST /hooks/git': { who: 'everybody', path: () => '/hooks/git', allowed: 404, isGlobal: true },

  // Nothing waits for a remote where none is followed.
  'GET /api/v1/changes/pending': {
    who: 'people',
    also: 'local',
    path: () => '/api/v1/changes/pending',
    allowed: 200,
    isGlobal: true,
  },
  'DELETE /api/v1/changes/pending/:id': {
    who: 'people',
    path: () => '/api/v1/changes/pending/none',
    allowed: 404,
    isGlobal: true,
  },

  'GET /api/admin/me': { who: 'people', path: () => '/api/admin/me', allowed: 200, isGlobal: true },
  'POST /api/admin/logout': { who: 'people', path: () => '/api/admin/logout', allowed: 200, isGlobal: true },

  'GET /api/admin/projects/:projectId/webhooks': {
    who: 'manage-project',
    path: ({ project }) => `/api/admin/projects/${project}/webhooks`,
    allowed: 200,
  },

  'GET /api/admin/projects/:projectId/audit-log': {
    who: 'view-project',
    path: ({ project }) => `/api/admin/projects/${project}/audit-log`,
    allowed: 200,
  },
};
