import type { Operation } from '../../src/http/permissions.js';
import type { Sample } from './matrix-requests.js';

const FEATURES = '/api/admin/config/features';
const SEGMENTS = '/api/platform/segments';

/** Seed 002: for super admins alone. It is about the default organization, which is `acme` here. */
const SUPER_ADMIN = { who: 'super-admin', isGlobal: true } as const;

/** Features and segments of the configuration API. */
export const CONFIG_SAMPLES = {
  'GET /api/admin/config/features': { ...SUPER_ADMIN, path: () => FEATURES, allowed: 200 },
  'POST /api/admin/config/features': {
    ...SUPER_ADMIN,
    path: () => FEATURES,
    body: () => ({ id: 'matrix', name: 'Matrix' }),
    allowed: 412,
  },
  'GET /api/admin/config/features/:id': { ...SUPER_ADMIN, path: () => `${FEATURES}/banner`, allowed: 200 },
  'PUT /api/admin/config/features/:id': {
    ...SUPER_ADMIN,
    path: () => `${FEATURES}/banner`,
    body: () => ({ description: 'Matrix' }),
    allowed: 412,
  },
  'DELETE /api/admin/config/features/:id': { ...SUPER_ADMIN, path: () => `${FEATURES}/banner`, allowed: 412 },
  'POST /api/admin/config/features/:id/segments': {
    ...SUPER_ADMIN,
    path: () => `${FEATURES}/banner/segments`,
    body: () => ({ segmentId: 'beta' }),
    allowed: 412,
  },
  'DELETE /api/admin/config/features/:id/segments/:segmentId': {
    ...SUPER_ADMIN,
    path: () => `${FEATURES}/banner/segments/beta`,
    allowed: 412,
  },
  'GET /api/platform/segments': { ...SUPER_ADMIN, path: () => SEGMENTS, allowed: 200 },
  'POST /api/platform/segments': {
    ...SUPER_ADMIN,
    path: () => SEGMENTS,
    body: () => ({ name: 'Matrix' }),
    allowed: 412,
  },
  'GET /api/platform/segments/:id': { ...SUPER_ADMIN, path: () => `${SEGMENTS}/beta`, allowed: 200 },
  'PUT /api/platform/segments/:id': {
    ...SUPER_ADMIN,
    path: () => `${SEGMENTS}/beta`,
    body: () => ({ description: 'Matrix' }),
    allowed: 412,
  },
  'DELETE /api/platform/segments/:id': { ...SUPER_ADMIN, path: () => `${SEGMENTS}/beta`, allowed: 412 },
} as const satisfies Partial<Readonly<Record<Operation, Sample>>>;
