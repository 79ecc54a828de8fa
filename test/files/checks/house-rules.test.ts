import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { problemsOf, toldOf } from '../../changes/checks/checked.js';
import { flagText, webApp } from '../org-files.js';

const test = suite('policy');
const OWNER = { policy: { owner: { environments: ['production'] } } } as const;

test('a flag that is enabled where the policy wants an owner needs one', () => {
  const after = webApp({
    'flags/bare.yaml': flagText(),
    'flags/blank.yaml': `owner: ' '\n${flagText()}`,
    'flags/owned.yaml': `owner: team-web\n${flagText()}`,
    'flags/staged.yaml': 'environments:\n  staging: { enabled: true }\n',
    'flags/parked.yaml': 'environments:\n  production: { enabled: false }\n',
  });
  assert.equal(toldOf({ config: OWNER, after }), [
    'flags/bare.yaml:3 error OWNER_REQUIRED: flag bare: is enabled in production and has no owner; .flagstaff.yaml wants one',
    'flags/blank.yaml:4 error OWNER_REQUIRED: flag blank: is enabled in production and has no owner; .flagstaff.yaml wants one',
  ]);
  assert.equal(toldOf({ after }), []);
});

test('names of flags, segments, rules and variants match the patterns of the policy', () => {
  const after = webApp({
    'flags/Dark_mode.yaml': `variants: { on: true, off: false, Off2: false }\n${flagText('    rules:\n      - { id: r_1, percentage: 5 }\n      - { id: r-2, percentage: 5 }\n    segments: [Pros]\n')}`,
    'segments/Pros.yaml': 'include: { users: [u-1] }\n',
  });
  const kebab = '^[a-z0-9-]+$';
  const names = { flags: kebab, segments: kebab, rules: kebab, variants: kebab };
  const told = problemsOf({ config: { policy: { names } }, after });
  assert.equal(
    told.map(({ path, line, code, severity }) => [path, line, code, severity]),
    [
      ['flags/acme/web-app/flags/Dark_mode.yaml', 1, 'NAME_PATTERN', 'error'],
      ['flags/acme/web-app/flags/Dark_mode.yaml', 1, 'NAME_PATTERN', 'error'],
      ['flags/acme/web-app/flags/Dark_mode.yaml', 6, 'NAME_PATTERN', 'error'],
      ['flags/acme/web-app/segments/Pros.yaml', 1, 'NAME_PATTERN', 'error'],
    ],
  );
  assert.is(told[2]?.message, 'rule r_1: the name does not match "^[a-z0-9-]+$", as .flagstaff.yaml wants');
});

test('only the wanted files are looked at', () => {
  const after = webApp({ 'flags/one.yaml': flagText(), 'flags/two.yaml': flagText() });
  const told = problemsOf({ config: OWNER, after, isWanted: (path) => path.endsWith('/two.yaml') });
  assert.equal(
    told.map(({ path }) => path),
    ['flags/acme/web-app/flags/two.yaml'],
  );
});

test.run();
