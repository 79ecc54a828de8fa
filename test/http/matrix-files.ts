import { hash } from 'node:crypto';
import type { Files } from '../support/git.js';

/** People of the organization `acme`, by what they are there. */
export const PEOPLE = {
  'env member': 'env:web-app/production:member',
  'env admin': 'env:web-app/production:admin',
  'project member': 'project:web-app:member',
  'project admin': 'project:web-app:admin',
  'org member': 'org:member',
  'org admin': 'org:admin',
} as const;

/** What somebody is in an organization. */
export type RoleName = keyof typeof PEOPLE;

/** The address of the one who is that there. */
export function emailOf(org: string, role: string): string {
  return `${role.replace(' ', '-')}@${org}.example.com`;
}

/** The whole text of an API key of `production`. */
export function apiKeyOf(org: string, kind: 'server' | 'client'): string {
  return `fs_${kind}_${hash('sha256', `${org} ${kind}`, 'hex').slice(0, 32)}`;
}

/** Two organizations that have the same things under the same keys. */
export const MATRIX_FILES: Files = { ...filesOf('acme'), ...filesOf('globex') };

function filesOf(org: string): Files {
  const members = Object.entries(PEOPLE).map(
    ([role, permission]) => `  - { email: ${emailOf(org, role)}, permissions: ['${permission}'] }`,
  );
  const project = `flags/${org}/web-app`;
  return {
    [`flags/${org}/org.yaml`]: [
      `id: org_${org}`,
      'defaultProject: web-app',
      'members:',
      ...members,
      'groups:',
      `  - { key: web-team, members: [lead@${org}.example.com], permissions: ['project:web-app:admin'] }`,
      'invitations:',
      `  - { email: soon@${org}.example.com, permissions: [org:admin] }`,
      '',
    ].join('\n'),
    [`${project}/project.yaml`]: 'environments: [development, production]\n',
    [`${project}/keys.yaml`]: (['server', 'client'] as const).map((kind) => keyEntry(org, kind)).join(''),
    [`${project}/flags/banner.yaml`]: [
      'client: true',
      'environments:',
      '  production:',
      '    enabled: true',
      '    segments: [beta]',
      '    rules:',
      '      - { id: germans, when: [{ attribute: country, equals: DE }] }',
      '',
    ].join('\n'),
    [`${project}/segments/beta.yaml`]: 'include: { users: [u-1] }\n',
    [`flags/${org}/api/project.yaml`]: 'environments: [production]\n',
    [`flags/${org}/api/flags/inner.yaml`]: 'environments:\n  production: { enabled: true }\n',
  };
}

function keyEntry(org: string, kind: 'server' | 'client'): string {
  const key = apiKeyOf(org, kind);
  return [
    `- id: key_${org}_${kind}`,
    `  name: ${kind}`,
    '  environment: production',
    `  kind: ${kind}`,
    `  hash: ${hash('sha256', key, 'hex')}`,
    `  prefix: ${key.slice(0, 14)}`,
    '',
  ].join('\n');
}
