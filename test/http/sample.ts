import type { Files } from '../support/git.js';

/** Two organizations that share the key `shared`; one flag of each kind of answer. `acme` is the first, so the default. */
export const FILES: Files = {
  'flags/acme/org.yaml': [
    'id: org_01J4K8M2N3P5Q7R9',
    'name: Acme',
    'defaultProject: web-app',
    'members: [{ email: marc@example.com, permissions: [org:admin] }]',
    '',
  ].join('\n'),
  'flags/acme/web-app/project.yaml': [
    'environments: [development, production]',
    'attributes: { country: string, plan: string }',
    '',
  ].join('\n'),
  'flags/acme/web-app/flags/dark-mode.yaml': [
    'id: flg_01J4K8M2N3P5Q7F1',
    'description: Dark colours',
    'owner: team-web',
    'tags: [web, look]',
    'client: true',
    'metadata: { ticket: PAY-123 }',
    'createdAt: 2026-01-10T10:00:00Z',
    'updatedAt: 2026-01-15T10:00:00Z',
    'environments:',
    '  development: { enabled: true }',
    '  production:',
    '    enabled: true',
    '    rules:',
    '      - { id: germans, when: [{ attribute: country, equals: DE }] }',
    '    serve: off # until the others are translated',
    '',
  ].join('\n'),
  'flags/acme/web-app/flags/killed.yaml': 'environments:\n  production: { enabled: true, killed: true }\n',
  'flags/acme/web-app/flags/limit.yaml': [
    'type: number',
    'status: active',
    'variants: { low: 10, high: 20 }',
    'offVariant: low',
    'environments:',
    '  production: { enabled: true, serve: high }',
    '',
  ].join('\n'),
  'flags/acme/web-app/flags/no-value.yaml': 'environments:\n  production: { enabled: true, serve: null }\n',
  'flags/acme/web-app/flags/shared.yaml': 'environments:\n  production: { enabled: false }\n',
  'flags/acme/api/project.yaml': 'environments: [production]\n',
  'flags/acme/api/flags/elsewhere.yaml':
    'metadata: { note: für alle ☂ }\nenvironments:\n  production: { enabled: true }\n',
  'flags/globex/org.yaml': 'name: Globex\n',
  'flags/globex/site/project.yaml': 'environments: [production]\n',
  'flags/globex/site/flags/shared.yaml': 'environments:\n  production: { enabled: true }\n',
  'flags/globex/site/flags/banner.yaml':
    'description: A banner\nenvironments:\n  production: { enabled: true }\n',
};

export const ACME_ID = 'org_01J4K8M2N3P5Q7R9';
