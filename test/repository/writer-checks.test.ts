import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { Failure } from '../../src/model/failure.js';
import type { EnvironmentKey } from '../../src/model/keys.js';
import type { JsonValue } from '../../src/model/values.js';
import {
  CHECKOUT,
  DARK_MODE,
  describeFlag,
  enable,
  FILES,
  failureOf,
  flagKey,
  openWritable,
  PROJECT,
  type Writable,
  writeOf,
} from './writable.js';

const CONFIG = `checks: { EXPIRED: error, REBUCKETED: error }
policy:
  owner: { environments: [production] }
  names: { rules: '^[a-z-]+$' }
  ramp: { points: 20 }
`;
const PRODUCTION = 'production' as EnvironmentKey;
const DEVELOPMENT = 'development' as EnvironmentKey;
const ON = 'context: {}, expect: { variant: on }';
const SPLIT = 'owner: web\nenvironments:\n  production: { enabled: true, serve: { on: 20, off: 80 } }\n';

const test = suite<{ on: Writable }>('writes and the checks of the repository');
test.before.each(async (context) => {
  context.on = await openWritable({ ...FILES, '.flagstaff.yaml': CONFIG });
});
test.after.each(({ on }) => on.close());

function set(flag: string, at: readonly string[], value: JsonValue): Change {
  return { kind: 'flag.update', project: PROJECT, flag: flagKey(flag), edits: [{ at, set: value }] };
}

function override(user: string, until?: string): Change {
  const entry = { users: [user], ...(until === undefined ? {} : { until }) };
  return { kind: 'override.create', project: PROJECT, flag: flagKey('dark-mode'), entry };
}

/** Code and line of each problem that a write was refused for. */
function told({ data }: Failure): readonly (readonly [string, string, number])[] {
  return (data.problems ?? []).map(({ code, path, line }) => [code, path, line]);
}

test('an error of a check that a write adds refuses it with the place, and nothing is written', async ({
  on,
}) => {
  const head = await on.clone.head();
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.code, 'INVALID_FLAG_FILES');
  assert.equal(told(failure), [['OWNER_REQUIRED', CHECKOUT, 5]]);
  const named = set('dark-mode', ['environments', 'production', 'rules'], [{ id: 'r_1' }]);
  assert.equal(told(await failureOf(on.writer.write(writeOf(named)))), [['NAME_PATTERN', DARK_MODE, 5]]);
  assert.is(await on.clone.head(), head);
});

test('what was so before refuses nothing, and what keeps the rule is written', async ({ on }) => {
  const described = await on.writer.write(writeOf(describeFlag('dark-mode', 'Still nobody answers for it')));
  assert.ok(described.changed);
  const both = { changes: [set('new-checkout', ['owner'], 'team-web'), enable('new-checkout')] };
  assert.ok((await on.writer.write({ ...writeOf(enable('new-checkout')), ...both })).changed);
});

test('a warning comes with the answer, and says where a second person is to agree', async ({ on }) => {
  await on.clone.commit({ [DARK_MODE]: SPLIT });
  await on.cache.refresh();
  const half = set('dark-mode', ['environments', 'production', 'serve'], { on: 50, off: 50 });
  const preview = await on.writer.preview(writeOf(half));
  assert.equal(preview.problems, []);
  assert.equal(
    preview.warnings.map(({ code, line, needsApproval }) => [code, line, needsApproval]),
    [['RAMP_TOO_STEEP', 3, true]],
  );
  const { changed, warnings } = await on.writer.write(writeOf(half));
  assert.ok(changed);
  assert.equal(
    warnings.map(({ code }) => code),
    ['RAMP_TOO_STEEP'],
  );
});

test('an edit that places people anew is refused where the level says so', async ({ on }) => {
  await on.clone.commit({ [DARK_MODE]: SPLIT });
  await on.cache.refresh();
  const failure = await failureOf(on.writer.write(writeOf(set('dark-mode', ['salt'], 'v2'))));
  assert.equal(told(failure), [['REBUCKETED', DARK_MODE, 2]]);
  const preview = await on.writer.preview(writeOf(set('dark-mode', ['salt'], 'v2')));
  assert.equal(
    preview.problems.map(({ code, severity }) => [code, severity]),
    [['REBUCKETED', 'error']],
  );
});

test('switches are never refused: no check says anything of a kill, nor of its end', async ({ on }) => {
  await on.clone.commit({
    '.flagstaff.yaml': 'policy: { ramp: { points: 20 } }\nchecks: { UNTESTED: warning }\n',
    [DARK_MODE]: 'environments:\n  production: { enabled: true }\n',
    'flags/acme/web-app/tests/dark-mode.yaml': `- { name: all, environment: production, ${ON} }\n`,
    [CHECKOUT]: 'environments:\n  production: { enabled: true, requires: [dark-mode] }\n',
    'flags/acme/web-app/tests/new-checkout.yaml': `- { name: all, environment: production, ${ON} }\n`,
  });
  await on.cache.refresh();
  for (const kind of ['flag.kill', 'flag.unkill'] as const) {
    const change = { kind, project: PROJECT, flag: flagKey('dark-mode'), environment: PRODUCTION } as const;
    const { changed, warnings } = await on.writer.write(writeOf(change));
    assert.equal([changed, warnings], [true, []], kind);
  }
});

test('a broken .flagstaff.yaml leaves the last good policy in force for writes (P9)', async ({ on }) => {
  await on.clone.commit({ '.flagstaff.yaml': 'policy: [\n' });
  await on.cache.refresh();
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.equal(told(failure), [['OWNER_REQUIRED', CHECKOUT, 5]]);
  await on.clone.commit({ '.flagstaff.yaml': 'defaultOrg: acme\n' });
  await on.cache.refresh();
  assert.ok((await on.writer.write(writeOf(enable('new-checkout')))).changed, 'a good one counts at once');
});

test('an environment that a policy names is not taken away, and one that nobody has is told', async ({
  on,
}) => {
  await on.clone.commit({ '.flagstaff.yaml': CONFIG.replace('[production]', '[production, development]') });
  await on.cache.refresh();
  const gone = {
    kind: 'environment.delete',
    project: PROJECT,
    environment: DEVELOPMENT,
    cascade: true,
  } as const;
  const failure = await failureOf(on.writer.write(writeOf(gone)));
  assert.equal(told(failure), [['UNKNOWN_ENVIRONMENT', '.flagstaff.yaml', 3]]);
  await on.clone.commit({ '.flagstaff.yaml': CONFIG.replace('[production]', '[moon]') });
  await on.cache.refresh();
  assert.equal(
    on.cache.problems.map(({ code, line, severity }) => [code, line, severity]),
    [['UNKNOWN_ENVIRONMENT', 3, 'error']],
  );
});

test.run();

const days = suite('writes and days that pass');

days(
  'a flag that has expired since it was loaded is still written; one that a write lets expire is not',
  async () => {
    const expiring = 'owner: web\nexpires: 2099-01-15\nenvironments:\n  production: { enabled: true }\n';
    const files = { ...FILES, '.flagstaff.yaml': CONFIG, [DARK_MODE]: expiring };
    const on = await openWritable(files, { now: () => Date.UTC(2099, 0, 17) });
    try {
      for (const flag of ['dark-mode', 'new-checkout']) {
        assert.ok((await on.writer.write(writeOf(describeFlag(flag, 'later')))).changed, flag);
      }
      const past = on.writer.write(writeOf(set('dark-mode', ['expires'], '2099-01-14')));
      assert.equal(told(await failureOf(past)), [['EXPIRED', DARK_MODE, 3]]);
    } finally {
      await on.close();
    }
  },
);

days('a second override past its last day is one more, whatever the first one is told as', async () => {
  const config = 'checks: { PAST_UNTIL: error }\n';
  const overrides = 'flags/acme/web-app/overrides/dark-mode.yaml';
  const files = {
    ...FILES,
    '.flagstaff.yaml': config,
    [overrides]: '- { users: [u-1], until: 2099-01-15 }\n',
  };
  const on = await openWritable(files, { now: () => Date.UTC(2099, 0, 17) });
  try {
    const { changed } = await on.writer.write(writeOf(override('u-2')));
    assert.ok(changed, 'a day that has passed is nothing new');
    const failure = await failureOf(on.writer.write(writeOf(override('u-3', '2099-01-15'))));
    assert.equal(told(failure), [['PAST_UNTIL', overrides, 3]]);
  } finally {
    await on.close();
  }
});

days.run();
