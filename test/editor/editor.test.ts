import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../cli/run.js';
import { gitEnvironment, temporaryFolder } from '../support/git.js';
import {
  type CompletionItem,
  type LanguageServer,
  openLanguageServer,
  type Position,
} from './language-server.js';

Object.assign(process.env, gitEnvironment());

interface Editor {
  folder: string;
  server: LanguageServer;
}

const editor = suite<Editor>('flags in an editor, by the real language server of YAML');

editor.before(async (opened) => {
  opened.folder = temporaryFolder();
  await run(['init'], { cwd: opened.folder });
  opened.server = await openLanguageServer(opened.folder);
});

editor.after(({ server }) => server.close());

const PROJECT = 'flags/acme/web-app';
const FLAG = `${PROJECT}/flags/dark-mode.yaml`;
const TESTS = `${PROJECT}/tests/dark-mode.yaml`;
const OVERRIDES = `${PROJECT}/overrides/dark-mode.yaml`;
const SEGMENT = `${PROJECT}/segments/staff.yaml`;
const STATE = 'environments:\n  production:\n    enabled: true\n';
const RULE = `${STATE}    rules:\n      - id: a\n`;

/** The text without its `¦`, and where that stood. */
function pointed(marked: string): { readonly text: string; readonly position: Position } {
  const before = marked.slice(0, marked.indexOf('¦'));
  const lines = before.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return { text: marked.replace('¦', ''), position };
}

async function hoverAt({ server }: Editor, file: string, marked: string): Promise<string> {
  const { text, position } = pointed(marked);
  await server.show(file, text);
  return server.hover(file, position);
}

async function completeAt(
  { server }: Editor,
  file: string,
  marked: string,
): Promise<readonly CompletionItem[]> {
  const { text, position } = pointed(marked);
  await server.show(file, text);
  return server.complete(file, position);
}

/** What is offered, without the quotes of words that older readers of YAML would misread. */
async function labelsAt(opened: Editor, file: string, marked: string): Promise<readonly string[]> {
  return (await completeAt(opened, file, marked)).map(({ label }) => label.replaceAll('"', ''));
}

editor('every file of a new repository is without a complaint', async ({ server, folder }) => {
  for (const file of [
    '.flagstaff.yaml',
    'flags/acme/org.yaml',
    `${PROJECT}/project.yaml`,
    `${PROJECT}/flags/new-checkout.yaml`,
    `${PROJECT}/segments/beta-testers.yaml`,
    `${PROJECT}/tests/new-checkout.yaml`,
  ]) {
    assert.equal(await server.show(file, readFileSync(path.join(folder, file), 'utf8')), [], file);
  }
});

/** What is wrong in each text is underlined from `«` to `»`. */
const MISTAKES: readonly (readonly [what: string, file: string, marked: string, message: RegExp])[] = [
  ['a field that is misspelt', FLAG, `«enviroments»: {}\n${STATE}`, /enviroments is not allowed/],
  ['a status that there is not', FLAG, `status: «alive»\n${STATE}`, /"development", "active", "deprecated"/],
  ['text where true or false is wanted', FLAG, `${STATE}    killed: «yes»\n`, /Expected "boolean"/],
  ['a percentage above 100', FLAG, `${RULE}        percentage: «500»\n`, /maximum of 100/],
  ['a weight that is no whole number', FLAG, `${STATE}    serve: { on: «0.5», off: 1 }\n`, /"integer"/],
  [
    'an operator that there is not',
    FLAG,
    `${RULE}        when: [{ attribute: country, «equal»: DE }]\n`,
    /equal is not allowed/,
  ],
  [
    'a number in quotes where a number is wanted',
    FLAG,
    `${RULE}        when: [{ attribute: age, gte: «"18"» }]\n`,
    /Expected "number"/,
  ],
  ['a rule without an id', FLAG, `${STATE}    rules:\n      - «p»ercentage: 5\n`, /Missing property "id"/],
  ['an answer that no test may expect', TESTS, '- name: a\n  expect: { reason: «WHY» }\n', /TARGETING_MATCH/],
  ['one user where a list is wanted', OVERRIDES, '- users: «u-1»\n', /Expected "array"/],
  [
    'an attribute of no type',
    `${PROJECT}/project.yaml`,
    'environments: [a]\nattributes: { b: «text» }\n',
    /semver/,
  ],
  ['an organization that is no key', '.flagstaff.yaml', 'defaultOrg: «Acme»\n', /does not match/],
];

for (const [what, file, marked, message] of MISTAKES) {
  editor(`${what} is underlined, and nothing else`, async ({ server }) => {
    const start = pointed(marked.replace('«', '¦').replace('»', '')).position;
    const end = pointed(marked.replace('«', '').replace('»', '¦')).position;
    const found = await server.show(file, marked.replace(/[«»]/g, ''));
    assert.equal(
      found.map(({ range }) => range),
      [{ start, end }],
    );
    assert.match(found[0]?.message ?? '', message);
  });
}

editor('hovering a field tells what it does, and shows an example', async (opened) => {
  const rules = await hoverAt(opened, FLAG, `${STATE}    ru¦les:\n      - id: a\n`);
  assert.match(rules, 'Targeting rules; the first that applies decides.');
  const when = await hoverAt(opened, FLAG, `${RULE}        wh¦en:\n          - { segment: b }\n`);
  assert.match(when, 'The clauses that must all hold; everyone where it is left out.');
  assert.match(when, '- attribute: country\n  equals: DE\n');
  const percentage = await hoverAt(opened, FLAG, `${RULE}        percen¦tage: 20\n`);
  assert.match(percentage, 'A gate: this share of the people');
  assert.match(percentage, '12.5');
});

editor('hovering an operator tells that operator, with code as code', async (opened) => {
  const text = `${RULE}        when: [{ attribute: app.version, semver¦Gte: 2.4.0 }]\n`;
  const semver = await hoverAt(opened, FLAG, text);
  assert.match(semver, 'Passes when the attribute is a semantic version from this one.');
  assert.match(semver, '2.4.0');
  const serve = await hoverAt(opened, FLAG, `${RULE}        ser¦ve: off\n`);
  assert.match(serve, '`on` where it is left out');
});

editor('hovering a value of an enumeration tells what each of them means', async (opened) => {
  const status = await hoverAt(opened, FLAG, `status: act¦ive\n${STATE}`);
  assert.match(status, '* `deprecated`: to be removed: code should ask no more');
  const reason = await hoverAt(opened, TESTS, '- name: a\n  expect: { reason: SP¦LIT }\n');
  assert.match(reason, '* `SPLIT`: a percentage or weights decided');
});

/** What is offered at `¦`: these at least. */
const COMPLETIONS: readonly (readonly [what: string, file: string, marked: string, labels: string])[] = [
  ['the fields of a flag', FLAG, `¦\n${STATE}`, 'description owner status tags expires client variants'],
  ['the parts of an environment', FLAG, `${STATE}    ¦`, 'killed segments requires rules serve offVariant'],
  [
    'the operators of a clause',
    FLAG,
    `${RULE}        when:\n          - attribute: country\n            ¦`,
    'equals in startsWith matches gte before semverGte exists cidr includesAny ignoreCase',
  ],
  ['the kinds of clause', FLAG, `${RULE}        when:\n          - ¦`, 'attribute segment flag all any not'],
  [
    'operators between braces',
    FLAG,
    `${RULE}        when: [{ attribute: app.version, sem¦ }]\n`,
    'semverEq semverRange',
  ],
  ['the types', FLAG, `type: ¦\n${STATE}`, 'boolean string number object'],
  ['the variants of a boolean flag', FLAG, `${STATE}    serve: ¦`, 'on off null'],
  ['the same in a rule', FLAG, `${RULE}        serve: ¦`, 'on off'],
  ['the same in an exception', OVERRIDES, '- users: [u-1]\n  serve: ¦', 'on off'],
  ['the same in a test', TESTS, '- name: a\n  expect:\n    variant: ¦', 'on off null'],
  [
    'the reasons',
    TESTS,
    '- name: a\n  expect:\n    reason: ¦',
    'STATIC DEFAULT TARGETING_MATCH SPLIT DISABLED',
  ],
  ['the fields of a segment', SEGMENT, '¦', 'description active include exclude when'],
  [
    'the types of attributes',
    `${PROJECT}/project.yaml`,
    'environments: [a]\nattributes:\n  b: ¦',
    'string number boolean date semver list',
  ],
];

for (const [what, file, marked, labels] of COMPLETIONS) {
  editor(`completion offers ${what}`, async (opened) => {
    const offered = await labelsAt(opened, file, marked);
    assert.equal(
      labels.split(' ').filter((label) => !offered.includes(label)),
      [],
    );
    assert.not(offered.includes('[object Object]'));
  });
}

editor('completion writes whole rules, splits, exceptions and test cases', async (opened) => {
  const rules = await completeAt(opened, FLAG, `${STATE}    rules:\n      - ¦`);
  const rule = rules.find(({ label }) => label === 'rule with a percentage');
  assert.match(rule?.textEdit?.newText ?? '', /^id: \$\{1:canary\}\n +percentage: \$\{2:5\}$/);
  const splits = await completeAt(opened, FLAG, `${STATE}    serve: ¦`);
  const split = splits.find(({ label }) => label === 'split by weights');
  assert.is(split?.textEdit?.newText, `{ \${1:on}: \${2:20}, \${3:off}: \${4:80} }`);
  assert.ok((await labelsAt(opened, OVERRIDES, '- ¦')).includes('exception for users'));
  assert.ok((await labelsAt(opened, TESTS, '- ¦')).includes('test case'));
});

editor('without settings the first line of a file is enough', async ({ folder }) => {
  const server = await openLanguageServer(folder, {});
  try {
    const file = `${PROJECT}/flags/new-checkout.yaml`;
    const text = readFileSync(path.join(folder, file), 'utf8').replace('owner:', 'status:');
    const [found] = await server.show(file, text);
    assert.match(found?.message ?? '', /"development", "active", "deprecated"/);
  } finally {
    await server.close();
  }
});

editor.run();
