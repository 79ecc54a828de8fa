import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flagText, toldOf, webApp } from './org-files.js';

const test = suite('attributes');

const DECLARED = {
  'web-app/project.yaml':
    'environments: [production]\nattributes: { country: string, plan: [free, pro], app: semver, age: number }\n',
};

test('attributes are judged only where the project declares some (DESIGN 3)', () => {
  const texts = webApp({
    'flags/a.yaml': flagText('    rules: [{ id: x, when: [{ attribute: contry, equals: DE }] }]\n'),
  });
  assert.equal(toldOf(texts), []);
  assert.equal(toldOf({ ...texts, ...DECLARED }), ['web-app/flags/a.yaml:4:42 warning UNDECLARED_ATTRIBUTE']);
});

test('the attributes with a meaning of their own need no declaration, nor do parts of a declared one', () => {
  const clause = (name: string) => `{ attribute: ${name}, exists: true }`;
  const clauses = ['targetingKey', 'userId', 'email', 'companyId', 'app.version', 'country']
    .map(clause)
    .join(', ');
  const flag = flagText(`    rules: [{ id: x, bucketBy: companyId, percentage: 5, when: [${clauses}] }]\n`);
  assert.equal(toldOf({ ...webApp({ 'flags/a.yaml': flag }), ...DECLARED }), []);
});

test('an undeclared attribute to bucket by is a warning', () => {
  const texts = webApp({ 'flags/a.yaml': `bucketBy: device\n${flagText()}` });
  assert.equal(toldOf({ ...texts, ...DECLARED }), ['web-app/flags/a.yaml:1:11 warning UNDECLARED_ATTRIBUTE']);
});

test('values that a declared attribute can never have are warnings', () => {
  const clauses =
    '{ attribute: plan, in: [pro, gold] }, { attribute: age, equals: "18" }, { attribute: plan, equals: free }';
  const segment = {
    'segments/s.yaml': `when: [{ any: [${clauses}] }]\n`,
    'flags/a.yaml': flagText('    segments: [s]\n'),
  };
  assert.equal(toldOf({ ...webApp(segment), ...DECLARED }), [
    'web-app/segments/s.yaml:1:45 warning ATTRIBUTE_VALUE',
    'web-app/segments/s.yaml:1:80 warning ATTRIBUTE_VALUE',
  ]);
});

test('a declared value in another case is possible where case is ignored', () => {
  const clauses =
    '{ attribute: plan, equals: PRO, ignoreCase: true }, { attribute: plan, in: [Free, Gold], ignoreCase: true }';
  const texts = webApp({
    'flags/a.yaml': flagText(`    rules: [{ id: x, when: [{ any: [${clauses}] }] }]\n`),
  });
  assert.equal(toldOf({ ...texts, ...DECLARED }), ['web-app/flags/a.yaml:4:119 warning ATTRIBUTE_VALUE']);
});

test.run();
