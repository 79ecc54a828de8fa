import { readdirSync, readFileSync } from 'node:fs';
import { readVersion } from '../version.js';
import { GUIDE, WORKFLOW } from './guide.js';

/** What the new repository's first project is called. */
export interface Names {
  readonly org: string;
  readonly project: string;
}

/** The files of a new flags repository: path from its top, with `/`, to text. */
export function starterFiles({ org, project }: Names): ReadonlyMap<string, string> {
  const folder = `flags/${org}/${project}`;
  return new Map([
    ['.flagstaff.yaml', `defaultOrg: ${org}\n`],
    [`flags/${org}/org.yaml`, `defaultProject: ${project}\n`],
    [`${folder}/project.yaml`, PROJECT],
    [`${folder}/flags/new-checkout.yaml`, schemaLine('flag') + FLAG],
    [`${folder}/segments/beta-testers.yaml`, schemaLine('segment') + SEGMENT],
    [`${folder}/tests/new-checkout.yaml`, schemaLine('tests') + TESTS],
    ['.vscode/settings.json', `${JSON.stringify(EDITOR_SETTINGS, undefined, 2)}\n`],
    ['.vscode/extensions.json', `${JSON.stringify(EDITOR_EXTENSIONS, undefined, 2)}\n`],
    ['.github/workflows/flags.yml', WORKFLOW.replace('VERSION', readVersion())],
    ['README.md', GUIDE.replaceAll('flags/acme/web-app', folder)],
    ...schemas(),
  ]);
}

/** What tells editors without settings of their own where the schema of a file four folders down is. */
function schemaLine(schema: string): string {
  return `# yaml-language-server: $schema=../../../../schemas/${schema}.json\n`;
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

/** The YAML extension completes and checks each kind of file by its schema. */
const EDITOR_SETTINGS = {
  'yaml.schemas': {
    'schemas/flagstaff.json': '.flagstaff.yaml',
    'schemas/org.json': 'flags/*/org.yaml',
    'schemas/project.json': 'flags/*/*/project.yaml',
    'schemas/keys.json': 'flags/*/*/keys.yaml',
    'schemas/flag.json': 'flags/*/*/flags/*.yaml',
    'schemas/segment.json': 'flags/*/*/segments/*.yaml',
    'schemas/overrides.json': 'flags/*/*/overrides/*.yaml',
    'schemas/tests.json': 'flags/*/*/tests/*.yaml',
  },
};

const EDITOR_EXTENSIONS = { recommendations: ['redhat.vscode-yaml'] };

/** The package's own schemas, which lie beside both `src/` and `dist/`. */
function schemas(): (readonly [string, string])[] {
  const folder = new URL('../../../schemas/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [`schemas/${name}`, readFileSync(new URL(name, folder), 'utf8')]);
}
