import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFile } from '../../src/files/parse.js';
import { production, ruleWith } from './bad-file.js';

const test = suite('sentences');

/** A flag, and all that is said of it. */
const SAID: readonly (readonly [string, readonly string[]])[] = [
  [
    'description: Redesign: new page\nenvironments: {}\n',
    ['broken YAML: nested mappings are not allowed in compact mappings; write the text in quotes'],
  ],
  [
    'owner: @team\nenvironments: {}\n',
    ['broken YAML: plain value cannot start with reserved character @; write the text in quotes'],
  ],
  [
    'owner: *important*\nenvironments: {}\n',
    ['an alias is not read here; write the value out, or text in quotes'],
  ],
  [
    'type: string\nvariants: { 1: red }\nenvironments: {}\n',
    ['key 1 is no text; write it in quotes, or take a name that begins with a letter'],
  ],
  [
    production('    serve: true\n'),
    [
      "environments.production.serve: true is a boolean; a variant's name such as on, weights by variant or null was wanted",
    ],
  ],
  [
    production('    serve: { on: 50, of: 50 }\n'),
    ['environments.production.serve.of: the flag has no variant of; did you mean off?'],
  ],
  [
    production('    rules: [{ id: a, if: [x] }]\n'),
    [
      'environments.production.rules[0]: field if is not known here; known: description, when, percentage, bucketBy, serve',
    ],
  ],
  [
    ruleWith('{ segments: [x] }'),
    ['environments.production.rules[0].when[0]: there is only segments; did you mean segment?'],
  ],
  [
    ruleWith('{ attribute: app, semverGte: 2.4 }'),
    [
      'environments.production.rules[0].when[0].semverGte: 2.4 is a number; text was wanted; write it in quotes',
    ],
  ],
  [
    'environments:\n  production: {enabled:true}\n',
    ['environments.production: enabled:true is one word; a blank behind enabled: was wanted'],
  ],
];

for (const [text, said] of SAID) {
  test(`one mistake is one sentence that says what to write: ${said[0]} (DESIGN 3)`, () => {
    assert.equal(
      parseFile('flag', Buffer.from(text)).problems.map(({ message }) => message),
      said,
    );
  });
}

test('an unknown test on an attribute is told with the most common ones first', () => {
  const [problem] = parseFile('flag', Buffer.from(ruleWith('{ attribute: a, eq: DE }'))).problems;
  assert.match(problem?.message ?? '', 'known: equals, notEquals, in, notIn');
});

test('no sentence repeats the address of a webhook: it may be as good as a password', () => {
  const webhooks = (...urls: readonly string[]): string =>
    `environments: [production]\nwebhooks:\n${urls.map((url) => `  - url: '${url}'\n`).join('')}`;
  const url = 'https://hooks.example.com/T4711';
  const wrong = ['https://me:T4711@hooks.example.com/', 'https://hooks.example.com:T4711/', 'T4711'];
  for (const text of [webhooks(url, url), ...wrong.map((one) => webhooks(one))]) {
    const messages = parseFile('project', Buffer.from(text)).problems.map(({ message }) => message);
    assert.is(messages.length, 1, text);
    assert.not.match(messages[0] ?? '', 'T4711');
  }
});

test('no sentence repeats the name of a person: problems are read without a token', () => {
  const person = 'secret.person@example.com';
  const texts = [
    ['overrides', `- users: [${person}, ${person}]\n`],
    ['overrides', `- users: ${person}\n`],
    ['overrides', `- companies: { ${person}: 1 }\n`],
    ['overrides', `- ${person}\n`],
    ['segment', `include: { users: [${person}] }\nexclude: { users: [${person}] }\n`],
    ['segment', `include: ${person}\n`],
    ['segment', `exclude: { users: ${person} }\n`],
    ['org', `name: Acme\nmembers: [{ email: ${person} }, { email: ${person} }]\n`],
    ['org', `name: Acme\ninvitations: [{ email: ${person} }, { email: ${person} }]\n`],
  ] as const;
  for (const [kind, text] of texts) {
    const { problems } = parseFile(kind, Buffer.from(text));
    assert.ok(problems.length > 0, text);
    for (const { message } of problems) assert.not.match(message, 'secret', text);
  }
});

test.run();
