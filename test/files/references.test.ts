import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId } from '../../src/model/ids.js';
import { flagText, loadTexts, type Texts, toldOf, webApp } from './org-files.js';

const test = suite('references');

/** Name of the case, the files, and all that must be told of them. */
const CASES: readonly (readonly [string, Texts, readonly string[]])[] = [
  [
    'files that fit together are not told',
    webApp({
      'flags/a.yaml': flagText('    segments: [staff]\n    requires: [b]\n'),
      'flags/b.yaml': flagText(),
      'segments/staff.yaml': 'include: { users: [u-1] }\n',
      'overrides/a.yaml': '- { users: [u-2], environments: [staging] }\n',
      'tests/a.yaml': '- { name: one, environment: staging, expect: { variant: on, segment: staff } }\n',
    }),
    [],
  ],
  [
    'an attached segment that is not there',
    webApp({ 'flags/a.yaml': flagText('    segments: [staf]\n'), 'segments/staff.yaml': 'active: true\n' }),
    [
      'web-app/flags/a.yaml:4:16 error UNKNOWN_SEGMENT',
      'web-app/segments/staff.yaml:1:1 warning UNUSED_SEGMENT',
    ],
  ],
  [
    'a segment of a clause that is not there',
    webApp({
      'flags/a.yaml': flagText('    rules: [{ id: x, when: [{ any: [{ not: { segment: s } }] }] }]\n'),
    }),
    ['web-app/flags/a.yaml:4:55 error UNKNOWN_SEGMENT'],
  ],
  [
    'a segment of a segment that is not there',
    webApp({
      'segments/s.yaml': 'when: [{ segment: t }]\n',
      'flags/a.yaml': flagText('    segments: [s]\n'),
    }),
    ['web-app/segments/s.yaml:1:19 error UNKNOWN_SEGMENT'],
  ],
  [
    'a required flag that is not there',
    webApp({ 'flags/a.yaml': flagText('    requires: [{ flag: b }]\n') }),
    ['web-app/flags/a.yaml:4:16 error UNKNOWN_FLAG'],
  ],
  [
    'a flag of another project',
    {
      ...webApp({ 'flags/a.yaml': flagText('    requires: [b]\n') }),
      'api/project.yaml': 'environments: [production]\n',
      'api/flags/b.yaml': flagText(),
    },
    ['web-app/flags/a.yaml:4:16 error UNKNOWN_FLAG'],
  ],
  [
    'a required variant that is not there',
    webApp({
      'flags/a.yaml': flagText('    requires: [{ flag: b, variant: blue }]\n'),
      'flags/b.yaml': flagText(),
    }),
    ['web-app/flags/a.yaml:4:16 error UNKNOWN_VARIANT'],
  ],
  [
    'a required flag that has no variant on, where none is named',
    webApp({
      'flags/a.yaml': flagText('    rules: [{ id: x, when: [{ flag: b }] }]\n'),
      'flags/b.yaml': `type: string\nvariants: { red: r }\n${flagText('    serve: red\n')}`,
    }),
    ['web-app/flags/a.yaml:4:37 error UNKNOWN_VARIANT'],
  ],
  [
    'an environment of a flag that is not there',
    webApp({ 'flags/a.yaml': 'environments:\n  prod: { enabled: true }\n' }),
    ['web-app/flags/a.yaml:2:3 error UNKNOWN_ENVIRONMENT'],
  ],
  [
    'overrides without their flag',
    webApp({ 'overrides/a.yaml': '- { users: [u-1] }\n' }),
    ['web-app/overrides/a.yaml:1:1 error UNKNOWN_FLAG'],
  ],
  [
    'overrides that serve what the flag has not',
    webApp({ 'flags/a.yaml': flagText(), 'overrides/a.yaml': '- { users: [u-1], serve: blue }\n' }),
    ['web-app/overrides/a.yaml:1:26 error UNKNOWN_VARIANT'],
  ],
  [
    'overrides that name no variant of a flag without on',
    webApp({
      'flags/a.yaml': `type: string\nvariants: { red: r }\n${flagText('    serve: red\n')}`,
      'overrides/a.yaml': '- { users: [u-1] }\n',
    }),
    ['web-app/overrides/a.yaml:1:3 error MISSING_SERVE'],
  ],
  [
    'an environment of an override that is not there',
    webApp({
      'flags/a.yaml': flagText(),
      'overrides/a.yaml': '- { users: [u-1], environments: [production, prod] }\n',
    }),
    ['web-app/overrides/a.yaml:1:46 error UNKNOWN_ENVIRONMENT'],
  ],
  [
    'tests without their flag',
    webApp({ 'tests/a.yaml': '- { name: one, expect: { variant: on } }\n' }),
    ['web-app/tests/a.yaml:1:1 error UNKNOWN_FLAG'],
  ],
  [
    'tests of what is not there',
    webApp({
      'flags/a.yaml': flagText(),
      'tests/a.yaml': '- { name: one, environment: prod, expect: { variant: blue, segment: staff } }\n',
    }),
    [
      'web-app/tests/a.yaml:1:29 error UNKNOWN_ENVIRONMENT',
      'web-app/tests/a.yaml:1:54 error UNKNOWN_VARIANT',
      'web-app/tests/a.yaml:1:69 error UNKNOWN_SEGMENT',
    ],
  ],
  [
    'an API key for an environment that is not there',
    webApp({
      'keys.yaml': `- { name: k, environment: prod, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }\n`,
    }),
    ['web-app/keys.yaml:1:27 error UNKNOWN_ENVIRONMENT'],
  ],
  [
    'a default project that is not there',
    { 'org.yaml': 'defaultProject: web-ap\n', ...webApp({}) },
    ['org.yaml:1:17 error UNKNOWN_PROJECT'],
  ],
  [
    'permissions for what is not there give nothing, so they are warnings',
    {
      'org.yaml':
        'members:\n  - { email: ada@example.com, permissions: [project:api:admin, env:web-app/prod:admin] }\n',
      ...webApp({}),
    },
    ['org.yaml:2:45 warning UNKNOWN_PROJECT', 'org.yaml:2:64 warning UNKNOWN_ENVIRONMENT'],
  ],
  [
    'two flags that require each other',
    webApp({
      'flags/b.yaml': flagText('    requires: [a]\n'),
      'flags/a.yaml': flagText('    requires: [b]\n'),
    }),
    ['web-app/flags/a.yaml:4:16 error CYCLE'],
  ],
  [
    'a flag that asks itself in a rule',
    webApp({ 'flags/a.yaml': flagText('    rules: [{ id: x, when: [{ not: { flag: a } }] }]\n') }),
    ['web-app/flags/a.yaml:4:44 error CYCLE'],
  ],
  [
    'flags that require each other in different environments are no cycle (DESIGN 4: in this environment)',
    webApp({
      'flags/a.yaml': flagText('    requires: [b]\n'),
      'flags/b.yaml': 'environments:\n  staging: { enabled: true, requires: [a] }\n',
    }),
    [],
  ],
  [
    'segments that need each other',
    webApp({
      'segments/s.yaml': 'when: [{ segment: t }]\n',
      'segments/t.yaml': 'when: [{ not: { segment: s } }]\n',
    }),
    ['web-app/segments/s.yaml:1:19 error CYCLE'],
  ],
  [
    'one id in two flags of the organization',
    {
      ...webApp({ 'flags/a.yaml': `id: flg_1\n${flagText()}`, 'flags/b.yaml': `id: flg_1\n${flagText()}` }),
      'api/project.yaml': 'environments: [production]\n',
      'api/flags/c.yaml': `id: flg_1\n${flagText()}`,
    },
    ['web-app/flags/a.yaml:1:5 error DUPLICATE_ID', 'web-app/flags/b.yaml:1:5 error DUPLICATE_ID'],
  ],
  [
    'an id that is derived for another flag',
    webApp({
      'flags/a.yaml': flagText(),
      'flags/b.yaml': `id: ${derivedId('flg', 'acme', 'web-app', 'a')}\n${flagText()}`,
    }),
    ['web-app/flags/b.yaml:1:5 error DUPLICATE_ID'],
  ],
  [
    'one id in two projects',
    { 'a/project.yaml': 'id: p\nenvironments: [x]\n', 'b/project.yaml': 'id: p\nenvironments: [x]\n' },
    ['b/project.yaml:1:5 error DUPLICATE_ID'],
  ],
  [
    'two flags whose keys differ only in case',
    webApp({ 'flags/A.yaml': flagText(), 'flags/a.yaml': flagText() }),
    ['web-app/flags/a.yaml:1:1 error KEY_CASE_COLLISION'],
  ],
  [
    'two segments whose keys differ only in case',
    webApp({
      'segments/s.yaml': 'active: true\n',
      'segments/S.yaml': 'active: true\n',
      'flags/a.yaml': flagText('    segments: [s, S]\n'),
    }),
    ['web-app/segments/s.yaml:1:1 error KEY_CASE_COLLISION'],
  ],
  [
    'a project without its project.yaml',
    { 'web-app/flags/a.yaml': flagText() },
    ['web-app/project.yaml:1:1 error MISSING_FILE'],
  ],
  [
    'files that are not expected',
    {
      'README.md': '# hi',
      'notes.txt': 'x',
      'web-app/flags/a.yml': flagText(),
      ...webApp({ 'flags/.a.yaml.swp': 'x' }),
    },
    ['notes.txt:1:1 error UNEXPECTED_FILE', 'web-app/flags/a.yml:1:1 error WRONG_EXTENSION'],
  ],
  [
    'a broken file is told once, not again by all that name it',
    webApp({
      'flags/a.yaml': flagText('    segments: [s]\n    requires: [b]\n'),
      'flags/b.yaml': 'x',
      'segments/s.yaml': 'activ: true\n',
      'overrides/b.yaml': '- { users: [u-1], serve: blue }\n',
    }),
    [
      'web-app/flags/b.yaml:1:1 error WRONG_TYPE',
      'web-app/flags/b.yaml:1:2 warning STYLE',
      'web-app/segments/s.yaml:1:1 error UNKNOWN_FIELD',
    ],
  ],
];

for (const [name, texts, told] of CASES) {
  test(`${name} (DESIGN 1, 3)`, () => {
    assert.equal(toldOf(texts), told);
  });
}

test('a flag is overdue and an override past from the end of the day on, in UTC (DESIGN 4.3)', () => {
  const texts = webApp({
    'flags/a.yaml': `expires: 2026-06-01\n${flagText()}`,
    'overrides/a.yaml': '- { users: [u-1], until: 2026-06-01 }\n',
  });
  assert.equal(toldOf(texts, Date.parse('2026-06-01T23:59:59.999Z')), []);
  assert.equal(toldOf(texts, Date.parse('2026-06-02T00:00:00Z')), [
    'web-app/flags/a.yaml:1:10 warning EXPIRED',
    'web-app/overrides/a.yaml:1:26 warning PAST_UNTIL',
  ]);
});

test('the sentence names what was not found, and where', () => {
  const { findings } = loadTexts(webApp({ 'flags/a.yaml': flagText('    segments: [beta-testers]\n') }));
  assert.equal(
    findings.map(({ message }) => message),
    ['segment beta-testers: not found in acme/web-app'],
  );
});

test('a finding is the same, wherever the line is', () => {
  const texts = webApp({ 'flags/a.yaml': flagText('    segments: [s]\n') });
  const moved = webApp({ 'flags/a.yaml': `# moved\n\n${flagText('    segments: [s]\n')}` });
  assert.equal(loadTexts(texts).findings, loadTexts(moved).findings);
});

test.run();
