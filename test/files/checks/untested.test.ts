import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverAll } from '../../../src/cli/test/coverage.js';
import { problemsOf, toldOf } from '../../changes/checks/checked.js';
import { flagText, loadTexts, NOW, webApp } from '../org-files.js';

const test = suite('flags nobody tests');
const CONFIG = { checks: { UNTESTED: 'warning' } } as const;

const FLAGS = {
  'flags/it.yaml': flagText(
    '    segments: [staff]\n    rules:\n      - { id: germans, when: [{ attribute: country, equals: DE }] }\n      - { id: canary, percentage: 5 }\n    serve: off\n',
  ),
  'segments/staff.yaml': 'include: { users: [u-7] }\n',
  'overrides/it.yaml': '- { users: [u-1] }\n- { users: [u-2], until: 2026-01-31 }\n',
};

test('a flag without a case is told once', () => {
  assert.equal(toldOf({ config: CONFIG, after: webApp(FLAGS) }), [
    'flags/it.yaml:1 warning UNTESTED: flag it: no test case asks for it',
  ]);
});

test('each rule, segment, override and serve that decides no case is told at its line', () => {
  const tests =
    '- { name: Berlin, context: { country: DE }, expect: { variant: on } }\n- { name: dogfood, context: { userId: u-1 }, expect: { variant: on } }\n';
  assert.equal(toldOf({ config: CONFIG, after: webApp({ ...FLAGS, 'tests/it.yaml': tests }) }), [
    'flags/it.yaml:4 warning UNTESTED: flag it: no test case reaches segment staff in production',
    'flags/it.yaml:7 warning UNTESTED: flag it: no test case reaches rule canary in production',
    'flags/it.yaml:8 warning UNTESTED: flag it: no test case reaches serve in production',
  ]);
});

test('a serve that is left out is told where its environment is, as test --coverage has it', async () => {
  const texts = webApp({
    'flags/it.yaml': flagText('    rules: [{ id: canary, percentage: 5 }]\n'),
    'tests/it.yaml': '- { name: lucky, context: { userId: u-19 }, expect: { rule: canary } }\n',
  });
  const [{ path, line, column, code } = {}, ...others] = problemsOf({ config: CONFIG, after: texts });
  assert.equal([code, others], ['UNTESTED', []]);
  const { snapshot } = loadTexts(texts);
  const textOf = (name: string) => texts[name.replace('flags/acme/', '')];
  const covered = coverAll({ orgs: snapshot === undefined ? [] : [snapshot], textOf, now: NOW });
  const missed = covered.flatMap(({ places }) => places.filter(({ cases }) => cases === 0));
  assert.equal(missed, [{ ...missed[0], path, line, column }]);
  assert.is(line, 2);
});

test('nothing is told of what cases reach, nor where the repository does not want it', () => {
  const tests = `- { name: Berlin, context: { country: DE }, expect: { variant: on } }
- { name: dogfood, context: { userId: u-1 }, expect: { variant: on } }
- { name: staff, context: { userId: u-7 }, expect: { variant: on } }
- { name: lucky, context: { userId: u-19 }, expect: { rule: canary } }
- { name: rest, context: {}, expect: { variant: off } }
`;
  assert.equal(toldOf({ config: CONFIG, after: webApp({ ...FLAGS, 'tests/it.yaml': tests }) }), []);
  assert.equal(toldOf({ after: webApp(FLAGS) }), []);
});

test.run();
