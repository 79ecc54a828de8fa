import type { Need } from '../model/permission.js';

/** Who may use an operation, before it is known what it is about. */
export type Permission =
  /** Everybody. */
  | { readonly kind: 'open' }
  /** Whoever signs what they send with a secret that the operation knows. */
  | { readonly kind: 'signature' }
  /** How the server does: the anonymous on this machine where reads are public, who shows the token for it, super admins. */
  | { readonly kind: 'metrics' }
  /** Whoever shows a ticket, which an evaluation gives to those who may have it. */
  | { readonly kind: 'ticket' }
  /** Flags: the anonymous where reads are public, people by their roles, keys what their environment has. */
  | { readonly kind: 'read' }
  /** What flags answer: the same, people by their roles in the environment. */
  | { readonly kind: 'evaluate' }
  /** The past: the anonymous on this machine where reads are public, people by their roles; never keys. */
  | { readonly kind: 'history' }
  /** Flags: people by what they change, the anonymous where writes are public; never keys. */
  | { readonly kind: 'write' }
  /** Whoever has a good token; what it is about decides the rest. */
  | { readonly kind: 'person' }
  /** People whose roles in the organization, project or environment of the path suffice. */
  | { readonly kind: 'role'; readonly may: Need['may'] }
  | { readonly kind: 'super-admin' };

/**
 * Every operation of the server and who may use it, by method and path as the router writes them. Routes take all three
 * from here, so that none can be without a permission.
 */
export const PERMISSIONS = {
  'GET /health': { kind: 'open' },
  'GET /ready': { kind: 'open' },
  'GET /metrics': { kind: 'metrics' },
  'GET /openapi.json': { kind: 'open' },
  'GET /docs': { kind: 'open' },
  'GET /docs/:file': { kind: 'open' },

  'POST /hooks/git': { kind: 'signature' },

  'GET /api/admin/me': { kind: 'person' },
  'POST /api/admin/logout': { kind: 'person' },

  'GET /api/admin/me/invitations': { kind: 'person' },
  'GET /api/admin/members': { kind: 'role', may: 'manage-org' },
  'POST /api/admin/members': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/members/:email': { kind: 'role', may: 'manage-org' },
  'PUT /api/admin/members/:email': { kind: 'role', may: 'manage-org' },
  'DELETE /api/admin/members/:email': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/groups': { kind: 'role', may: 'manage-org' },
  'POST /api/admin/groups': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/groups/:groupKey': { kind: 'role', may: 'manage-org' },
  'PUT /api/admin/groups/:groupKey': { kind: 'role', may: 'manage-org' },
  'DELETE /api/admin/groups/:groupKey': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/invitations': { kind: 'role', may: 'manage-org' },
  'POST /api/admin/invitations': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/invitations/:email': { kind: 'role', may: 'manage-org' },
  'DELETE /api/admin/invitations/:email': { kind: 'role', may: 'manage-org' },
  'POST /api/admin/invitations/:email/accept': { kind: 'person' },

  'GET /api/admin/projects': { kind: 'person' },
  'POST /api/admin/projects': { kind: 'person' },
  'GET /api/admin/projects/:projectId': { kind: 'role', may: 'see-project' },
  'PUT /api/admin/projects/:projectId': { kind: 'role', may: 'manage-project' },
  'DELETE /api/admin/projects/:projectId': { kind: 'role', may: 'manage-org' },
  'GET /api/admin/projects/:projectId/environments': { kind: 'role', may: 'view-project' },
  'POST /api/admin/projects/:projectId/environments': { kind: 'role', may: 'manage-project' },
  'GET /api/admin/projects/:projectId/environments/:environmentId': { kind: 'role', may: 'view-environment' },
  'PUT /api/admin/projects/:projectId/environments/:environmentId': { kind: 'role', may: 'manage-project' },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId': {
    kind: 'role',
    may: 'manage-project',
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/api-keys': {
    kind: 'role',
    may: 'view-keys',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/api-keys': {
    kind: 'role',
    may: 'manage-environment',
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    kind: 'role',
    may: 'view-keys',
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    kind: 'role',
    may: 'manage-environment',
  },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/api-keys/:keyId/rotate': {
    kind: 'role',
    may: 'manage-environment',
  },
  'GET /api/admin/projects/:projectId/webhooks': { kind: 'role', may: 'manage-project' },
  'GET /api/admin/projects/:projectId/audit-log': { kind: 'role', may: 'view-project' },
  'GET /api/admin/projects/:projectId/segments': { kind: 'role', may: 'view-project' },
  'POST /api/admin/projects/:projectId/segments': { kind: 'role', may: 'manage-project' },
  'GET /api/admin/projects/:projectId/segments/:segmentId': { kind: 'role', may: 'view-project' },
  'PUT /api/admin/projects/:projectId/segments/:segmentId': { kind: 'role', may: 'manage-project' },
  'DELETE /api/admin/projects/:projectId/segments/:segmentId': { kind: 'role', may: 'manage-project' },
  'GET /api/admin/projects/:projectId/flags': { kind: 'role', may: 'view-project' },
  'POST /api/admin/projects/:projectId/flags': { kind: 'role', may: 'manage-project' },
  'GET /api/admin/projects/:projectId/flags/:flagId': { kind: 'role', may: 'view-project' },
  'PUT /api/admin/projects/:projectId/flags/:flagId': { kind: 'role', may: 'manage-project' },
  'DELETE /api/admin/projects/:projectId/flags/:flagId': { kind: 'role', may: 'manage-project' },
  'POST /api/admin/projects/:projectId/flags/:flagId/copy': { kind: 'role', may: 'view-project' },
  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId': {
    kind: 'role',
    may: 'view-environment',
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/kill': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/unkill': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/promote': {
    kind: 'role',
    may: 'view-environment',
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    kind: 'role',
    may: 'view-environment',
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules': {
    kind: 'role',
    may: 'manage-environment',
  },
  'POST /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/reorder': {
    kind: 'role',
    may: 'manage-environment',
  },
  'GET /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    kind: 'role',
    may: 'view-environment',
  },
  'PUT /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    kind: 'role',
    may: 'manage-environment',
  },
  'DELETE /api/admin/projects/:projectId/environments/:environmentId/flags/:flagId/rules/:ruleId': {
    kind: 'role',
    may: 'manage-environment',
  },

  'GET /api/admin/config/features': { kind: 'super-admin' },
  'POST /api/admin/config/features': { kind: 'super-admin' },
  'GET /api/admin/config/features/:id': { kind: 'super-admin' },
  'PUT /api/admin/config/features/:id': { kind: 'super-admin' },
  'DELETE /api/admin/config/features/:id': { kind: 'super-admin' },
  'POST /api/admin/config/features/:id/segments': { kind: 'super-admin' },
  'DELETE /api/admin/config/features/:id/segments/:segmentId': { kind: 'super-admin' },
  'GET /api/platform/segments': { kind: 'super-admin' },
  'POST /api/platform/segments': { kind: 'super-admin' },
  'GET /api/platform/segments/:id': { kind: 'super-admin' },
  'PUT /api/platform/segments/:id': { kind: 'super-admin' },
  'DELETE /api/platform/segments/:id': { kind: 'super-admin' },

  'POST /ofrep/v1/evaluate/flags': { kind: 'evaluate' },
  'POST /ofrep/v1/evaluate/flags/:key': { kind: 'evaluate' },
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags': {
    kind: 'evaluate',
  },
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags/:key': {
    kind: 'evaluate',
  },

  'GET /api/v1/flags/events': { kind: 'evaluate' },
  'GET /api/v1/flags/stream': { kind: 'ticket' },

  'GET /flagd/flags.json': { kind: 'evaluate' },
  'GET /orgs/:organization/projects/:project/environments/:environment/flagd/flags.json': {
    kind: 'evaluate',
  },

  'GET /api/v1/feature-flags': { kind: 'read' },
  'POST /api/v1/feature-flags': { kind: 'write' },
  'POST /api/v1/feature-flags/invalidate': { kind: 'person' },
  'POST /api/v1/feature-flags/load/:orgId': { kind: 'person' },
  'GET /api/v1/feature-flags/:key': { kind: 'read' },
  'PUT /api/v1/feature-flags/:key': { kind: 'write' },
  'DELETE /api/v1/feature-flags/:key': { kind: 'write' },
  'POST /api/v1/feature-flags/:key/kill': { kind: 'write' },
  'POST /api/v1/feature-flags/:key/unkill': { kind: 'write' },
  'POST /api/v1/feature-flags/:key/revert': { kind: 'write' },
  'GET /api/v1/feature-flags/:key/history': { kind: 'history' },
  'GET /api/v1/feature-flags/:key/blame': { kind: 'history' },

  'POST /api/v1/changes': { kind: 'person' },
  'GET /api/v1/changes': { kind: 'history' },
  'GET /api/v1/changes/pending': { kind: 'history' },
  'DELETE /api/v1/changes/pending/:id': { kind: 'person' },
  'GET /api/v1/changes/:commit': { kind: 'history' },
  'POST /api/v1/changes/:commit/revert': { kind: 'person' },
} as const satisfies Readonly<Record<string, Permission>>;

/** The name of an operation: its method and its path. */
export type Operation = keyof typeof PERMISSIONS;

/** Who may use an operation. */
export function permissionOf(operation: Operation): Permission {
  return PERMISSIONS[operation];
}

/** An operation in its parts. */
export interface Place {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the router writes paths: `/api/v1/feature-flags/:key`. */
  readonly path: string;
}

/** Where an operation is. */
export function placeOf(operation: Operation): Place {
  const [method = '', path = ''] = operation.split(' ');
  return { method: method as Place['method'], path };
}
