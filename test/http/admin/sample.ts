import type { Files } from '../../support/git.js';

/** A project whose flags say all that files can say, and two people with roles. */

export const RULES_FILE = `description: Redesigned checkout page
environments:
  development: { enabled: true }
  production:
    enabled: true
    segments: [beta-testers] # asked for it
    requires: [layout]
    rules:
      # Legal said yes to these on the 3rd.
      - id: german-pros
        description: Legal cleared DE first
        when: # all of these
          - { attribute: country, equals: DE }
          - { equals: pro, attribute: plan }
          - any: [{ attribute: app.version, semverGte: 2.4.0 }, { segment: internal }]
      - { id: canary, percentage: 12.5, bucketBy: companyId } # slowly
      - id: halves
        when:
          - { attribute: email, endsWith: "@acme.com", ignoreCase: true }
        serve: { off: 1, on: 3 }
      - { id: nobody, when: [{ not: { segment: internal } }], serve: null }
    serve: off # for the rest
`;

export const FILES: Files = {
  'flags/acme/org.yaml': [
    'id: org-456',
    'name: Acme',
    'members:',
    '  - { email: marc@example.com, permissions: ["org:admin"] }',
    '  - { email: ana@example.com, permissions: ["env:web-app/production:admin"] }',
    '  - { email: lee@example.com, permissions: ["project:web-app:member"] }',
    '',
  ].join('\n'),
  'flags/acme/web-app/project.yaml': 'environments: [development, production]\n',
  'flags/acme/web-app/flags/new-checkout.yaml': RULES_FILE,
  'flags/acme/web-app/flags/layout.yaml': 'environments:\n  production: { enabled: true }\n',
  'flags/acme/web-app/flags/theme.yaml': [
    'type: string',
    'variants: { plain: white, dark: black }',
    'offVariant: plain',
    'environments:',
    '  production: { enabled: true, serve: plain }',
    '',
  ].join('\n'),
  'flags/acme/web-app/segments/beta-testers.yaml': [
    'description: People who asked for it',
    'include: { users: [u-7], companies: [company-123] } # by hand',
    'exclude: { users: [u-8] }',
    'when:',
    '  - any:',
    '      - { attribute: email, endsWith: "@acme.com" } # us',
    '      - { segment: internal }',
    '',
  ].join('\n'),
  'flags/acme/web-app/segments/internal.yaml': 'when: [{ attribute: staff, equals: true }]\n',
  'flags/globex/org.yaml': 'name: Globex\n',
  'flags/globex/site/project.yaml': 'environments: [production]\n',
};

export const PROJECT = '/api/admin/projects/web-app';
export const RULES = `${PROJECT}/environments/production/flags/new-checkout/rules`;
