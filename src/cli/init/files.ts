import { schemaLine } from '../../files/schema-line.js';
import { editorFiles } from './editor-files.js';
import { GUIDE } from './guide.js';
import { workflowFiles } from './workflow.js';

/** What the new repository's first project is called. */
export interface Names {
  readonly org: string;
  readonly project: string;
}

/** The files of a new flags repository: path from its top, with `/`, to text. */
export function starterFiles({ org, project }: Names): ReadonlyMap<string, string> {
  const folder = `flags/${org}/${project}`;
  return new Map([
    ['.flagstaff.yaml', `${schemaLine('config')}defaultOrg: ${org}\n`],
    [`flags/${org}/org.yaml`, `${schemaLine('org')}defaultProject: ${project}\n`],
    [`${folder}/project.yaml`, schemaLine('project') + PROJECT],
    [`${folder}/flags/new-checkout.yaml`, schemaLine('flag') + FLAG],
    [`${folder}/segments/beta-testers.yaml`, schemaLine('segment') + SEGMENT],
    [`${folder}/tests/new-checkout.yaml`, schemaLine('tests') + TESTS],
    ...editorFiles(),
    ...workflowFiles(),
    ['README.md', GUIDE.replaceAll('flags/acme/web-app', folder)],
  ]);
}

const PROJECT = `environments: [development, production]
attributes:                   # what services send; an attribute that is not declared here is a warning
  country: string
  plan: [free, pro, enterprise]
`;

const FLAG = `description: Redesigned checkout page
owner: team-payments
environments:
  development: { enabled: true }
  production:
    enabled: true
    segments: [beta-testers]  # they get \`on\` first
    rules:
      - id: german-pros
        when:
          - { attribute: country, equals: DE }
          - { attribute: plan, in: [pro, enterprise] }
    serve: { on: 20, off: 80 }  # everyone else: a fifth of them, always the same people
`;

const SEGMENT = `description: People who asked for it
include: { users: [u-7] }
`;

const TESTS = `- name: a beta tester sees it
  environment: production
  context: { targetingKey: u-7 }
  expect: { variant: on, segment: beta-testers }
- name: a German pro sees it
  environment: production
  context: { targetingKey: u-1, country: DE, plan: pro }
  expect: { variant: on, rule: german-pros }
`;
