import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryAt, type TestRepository, temporaryFolder } from '../../support/git.js';
import { committedRepository, flagsRepository, NOW, run, writeFiles } from '../run.js';

const FULL = 'environments:\n  development: { enabled: true }\n  production: { enabled: true }\n';
const DAY_MS = 86_400_000;

const flag = (key: string): string => `flags/acme/web-app/flags/${key}.yaml`;
const segment = (key: string): string => `flags/acme/web-app/segments/${key}.yaml`;
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';

/** The environment of a commit so many days before now. */
function daysAgo(days: number): NodeJS.ProcessEnv {
  const date = new Date(NOW - days * DAY_MS).toISOString();
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_AUTHOR_NAME: 'Ada' };
}

interface Told {
  readonly key: string;
  readonly kind: string;
  readonly isSafe: boolean;
  readonly reasons: readonly { readonly kind: string; readonly sentence: string }[];
  readonly lastChange?: { readonly author: { readonly name: string } } | null;
  readonly [more: string]: unknown;
}

async function stale(cwd: string, ...words: readonly string[]): Promise<readonly Told[]> {
  const { code, out } = await run(['stale', '--json', ...words], { cwd });
  const told: readonly Told[] = JSON.parse(out).stale;
  assert.is(code, told.length === 0 ? 0 : 1);
  return told;
}

/** `new-checkout: constant, no-code` */
const inShort = (told: readonly Told[]): readonly string[] =>
  told.map(({ key, reasons }) => `${key}: ${reasons.map(({ kind }) => kind).join(', ')}`);

async function repositoryWith(
  files: Readonly<Record<string, string>>,
  days: number,
): Promise<TestRepository> {
  const repository = await committedRepository();
  await repository.commit(files, 'more', daysAgo(days));
  return repository;
}

test('nothing is stale: it says so and ends with 0', async () => {
  const { dir } = await committedRepository();
  const { code, out } = await run(['stale'], { cwd: dir });
  assert.is(code, 0);
  assert.is(out, 'nothing is stale');
});

test('each reason is told, with the last change, its author and the owner (issue, part 4)', async () => {
  const files = {
    [flag('fully-on')]: `owner: team-web\n${FULL}`,
    [flag('old-flag')]: 'status: deprecated\nexpires: 2026-01-31\nenvironments: {}\n',
    [flag('gated')]:
      'environments:\n  production: { enabled: true, rules: [{ id: x, percentage: 5 }], serve: off }\n',
    [segment('unused')]: 'when: [{ segment: inner }]\n',
    [segment('inner')]: 'when: [{ attribute: country, equals: DE }]\n',
    [OVERRIDES]: '- { users: [u-7] }\n- { users: [u-8], until: 2026-11-20 }\n',
  };
  const { dir } = await repositoryWith(files, 40);
  const told = await stale(dir);
  assert.equal(
    new Set(inShort(told)),
    new Set([
      'dark-mode: past',
      'fully-on: constant',
      'inner: no-flag',
      'old-flag: expired, deprecated, constant',
      'unused: no-flag',
    ]),
  );
  const full = told.find(({ key }) => key === 'fully-on');
  assert.equal(full?.reasons, [
    { kind: 'constant', sentence: 'everybody gets on everywhere, since 2026-10-12 at the latest' },
  ]);
  assert.equal(full?.replaceBy, { variant: 'on', value: true });
  assert.is(full?.owner, 'team-web');
  assert.is(full?.lastChange?.author.name, 'Ada');
  const past = told.find(({ kind }) => kind === 'override');
  assert.equal([past?.path, past?.line, past?.isSafe], [OVERRIDES, 2, true]);
});

test('without --src it is said that code is what is wanting', async () => {
  const { dir } = await repositoryWith(
    { [flag('fully-on')]: FULL, [OVERRIDES]: '- { users: [u-8], until: 2026-11-20 }\n' },
    40,
  );
  const { out } = await run(['stale'], { cwd: dir });
  assert.match(out, /\n1 thing can be removed now, 1 not before code was looked into: name it with --src$/);
});

test('a flag that gives everybody the same counts from the last change of its answers', async () => {
  const repository = await repositoryWith({ [flag('fully-on')]: FULL }, 40);
  assert.equal(await stale(repository.dir, '--days', '41'), []);
  await repository.commit({ [flag('fully-on')]: `# a note\nowner: team-web\n${FULL}` }, 'owner', daysAgo(3));
  assert.equal(inShort(await stale(repository.dir)), ['fully-on: constant']);
  await repository.commit(
    { [flag('fully-on')]: `# two\n# notes\nowner: team-web\n${FULL}` },
    'notes',
    daysAgo(3),
  );
  assert.is((await stale(repository.dir)).length, 1);
  const off = FULL.replaceAll('true', 'false');
  await repository.commit({ [flag('fully-on')]: off }, 'off', daysAgo(2));
  assert.equal(await stale(repository.dir), []);
  assert.equal(inShort(await stale(repository.dir, '--days', '2')), ['fully-on: constant']);
});

test('the policy says how many days, the command line beats it', async () => {
  const policy = { '.flagstaff.yaml': 'policy: { fullyOnDays: 60 }\n' };
  const { dir } = await repositoryWith({ [flag('fully-on')]: FULL, ...policy }, 40);
  assert.equal(await stale(dir), []);
  assert.is((await stale(dir, '--days', '40')).length, 1);
  assert.is((await run(['stale', '--days', 'many'], { cwd: dir })).code, 2);
  assert.is((await run(['stale', '--pattern', '(x)'], { cwd: dir })).code, 2);
});

test('what is planned, not committed, or made a moment ago is no reason', async () => {
  const planned = `expires: 2027-03-01\n${FULL}`;
  const repository = await repositoryWith({ [flag('planned')]: planned, [flag('edited')]: FULL }, 40);
  await repository.commit({ [flag('fresh')]: FULL }, 'fresh', daysAgo(0));
  repository.write({ [flag('edited')]: `# again\n${FULL}`, [flag('untracked')]: FULL });
  assert.equal(await stale(repository.dir), []);
});

test('with --src a flag is safe to remove where no code and no flag asks it, and those come first', async () => {
  const asking = 'environments:\n  production: { enabled: true, requires: [required], serve: on }\n';
  const files = {
    [flag('alone')]: FULL,
    'flags/acme/web-app/tests/alone.yaml':
      '- { name: all, environment: production, context: {}, expect: { variant: on } }\n',
    [flag('in-code')]: FULL,
    [flag('required')]: FULL,
    [flag('asking')]: asking,
  };
  const repository = await repositoryWith(files, 40);
  const { dir } = repository;
  await repository.commit({ [flag('in-code')]: `owner: team-web\n${FULL}` }, 'owner', daysAgo(3));
  const code = temporaryFolder();
  writeFiles(code, {
    'a.ts': "client.getBooleanValue('in-code', false);\nlet x = 'dark-mode', y = 'asking';\n",
  });
  const told = await stale(dir, '--src', code);
  assert.equal(inShort(told), [
    'alone: no-code, constant',
    'in-code: constant',
    'required: no-code, constant',
  ]);
  assert.equal(
    told.map(({ isSafe }) => isSafe),
    [true, false, false],
  );
  assert.equal(told[0]?.files, [flag('alone'), 'flags/acme/web-app/tests/alone.yaml']);
  assert.match(String(told[1]?.blockers), /^code asks it at .*a\.ts:1:25$/);
  assert.equal(told[2]?.blockers, ['flag asking asks it']);
  const { out } = await run(['stale', '--src', code], { cwd: dir });
  assert.match(out, `${flag('alone')}: flag alone can be removed\n  no code uses it\n`);
  assert.match(out, '\n  replace it by true (on)\n  first: code asks it at ');
  assert.match(out, /\n1 thing can be removed now, 2 once what comes first is done \(1 file read\)$/);
});

test('a segment that only another one uses is not told, where a flag reaches that one', async () => {
  const files = {
    [flag('gated')]: 'environments:\n  production: { enabled: true, segments: [outer], serve: off }\n',
    [segment('outer')]: 'when: [{ segment: middle }]\n',
    [segment('middle')]: 'when: [{ segment: inner }]\n',
    [segment('inner')]: 'when: [{ attribute: country, equals: DE }]\n',
  };
  const { dir } = await repositoryWith(files, 40);
  assert.equal(await stale(dir), []);
});

test('a flag whose key is a plain word cannot be removed while generated accessors are used', async () => {
  const { dir } = await repositoryWith({ [flag('theme')]: FULL }, 40);
  for (const code of [
    'const { theme } = flags;\nawait theme.value();',
    'const f = flags.theme;\nf.value();',
  ]) {
    const folder = temporaryFolder();
    writeFiles(folder, { 'a.ts': `${code}\n`, 'b.ts': "x('dark-mode');\n" });
    const [told] = await stale(dir, '--src', folder);
    assert.equal([told?.key, told?.isSafe], ['theme', false]);
    assert.match(String(told?.blockers), /^code (?:names|asks) it at /);
  }
});

test('what was not read is told, and nothing is safe to remove while it may be code', async () => {
  const { dir } = await repositoryWith({ [flag('alone')]: FULL }, 40);
  const code = temporaryFolder();
  writeFiles(code, { 'a.ts': "x('dark-mode');\n", 'b.png': '\0' });
  const [safe] = await stale(dir, '--src', code);
  assert.is(safe?.isSafe, true);
  writeFiles(code, { 'c.js': ' '.repeat(17_000_000), 'd.js': ' '.repeat(17_000_000) });
  const { out } = await run(['stale', '--src', code, '--json'], { cwd: dir });
  const { stale: told, files, skipped } = JSON.parse(out);
  assert.is(told[0].isSafe, false);
  assert.match(
    String(told[0].blockers),
    /^look into .*c\.js, which was not read \(too large\), and into 1 other$/,
  );
  assert.is(files, 1);
  assert.equal(
    skipped.map(({ why }: { why: string }) => why),
    ['binary', 'too large', 'too large'],
  );
  const text = await run(['stale', '--src', code], { cwd: dir });
  assert.match(
    text.out,
    /\n0 things can be removed now, 1 once what comes first is done \(1 file read, 3 skipped\)$/,
  );
});

test('without git what needs no history is told', async () => {
  const cwd = flagsRepository({ [flag('old-flag')]: `expires: 2026-01-31\n${FULL}` });
  const { code, out, err } = await run(['stale'], { cwd });
  assert.is(code, 1);
  assert.match(err, 'there is no history');
  assert.match(out, '  it expired on 2026-01-31\n');
  assert.match(out, '  not committed as it is\n');
});

test('a project with errors is said to be read in part, and none of its segments is told', async () => {
  const files = { [flag('broken')]: 'environments: 3\n', [segment('unused')]: 'include: { users: [u-1] }\n' };
  const { err, out } = await run(['stale'], { cwd: flagsRepository(files) });
  assert.match(err, 'acme/web-app has errors');
  assert.is(out, 'nothing is stale');
});

test('a shallow clone marks the commit that may be an earlier one', async () => {
  const { dir } = await repositoryWith({ [flag('fully-on')]: FULL }, 40);
  const folder = temporaryFolder();
  await repositoryAt(folder).git('clone', '--quiet', '--depth=1', `file://${dir}`, 'clone');
  const { out, err } = await run(['stale'], { cwd: `${folder}/clone` });
  assert.match(out, /\(\^[0-9a-f]{7}\)/);
  assert.match(err, 'git fetch --unshallow');
});

test.run();
