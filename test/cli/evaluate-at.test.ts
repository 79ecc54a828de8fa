import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, temporaryFolder } from '../support/git.js';
import { run } from './run.js';

const test = suite('cli/evaluate --at');

const BANNER = 'flags/acme/web-app/flags/banner.yaml';

/** `banner` is on in January and off in February, until an override that ended on the 15th; in March it is broken. */
const made = await createRepository();
const commits = {
  january: await made.commit(
    {
      'flags/acme/org.yaml': 'id: org_1\nname: Acme\n',
      'flags/acme/web-app/project.yaml': 'environments: [production]\n',
      'flags/acme/web-app/overrides/banner.yaml': '- { users: [u-123], until: 2026-01-15, serve: off }\n',
      [BANNER]: 'environments:\n  production: { enabled: true }\n',
    },
    'january',
    dated('2026-01-10T10:00:00Z'),
  ),
  february: await made.commit(
    { [BANNER]: 'environments:\n  production: { enabled: false }\n' },
    'february',
    dated('2026-02-10T10:00:00Z'),
  ),
  march: await made.commit({ [BANNER]: 'environments: [\n' }, 'march', dated('2026-03-10T10:00:00Z')),
};
await made.git('tag', '--annotate', '--message', 'one', 'v1', commits.january);
await made.git('update-ref', 'refs/pull/12/head', commits.february);
made.write({ flags: null });

function dated(moment: string): NodeJS.ProcessEnv {
  return { GIT_COMMITTER_DATE: moment, GIT_AUTHOR_DATE: moment };
}

function evaluate(at: string, ...words: readonly string[]) {
  return run(['evaluate', 'banner', '--repo', made.dir, '--at', at, ...words]);
}

test('the answer of a commit, a tag, a pull request or a day, with the commit first; the work tree may be empty', async () => {
  for (const [at, commit, variant] of [
    [commits.january, commits.january, 'on'],
    ['v1', commits.january, 'on'],
    ['HEAD~1', commits.february, 'off'],
    ['pull/12', commits.february, 'off'],
    ['2026-02-09', commits.january, 'on'],
    ['2026-02-10T10:00:00Z', commits.february, 'off'],
  ] as const) {
    const { code, out } = await evaluate(at);
    const [first, second] = out.split('\n').map((line) => line.split(/ +/));
    assert.equal([code, first, second], [0, ['commit', commit], ['variant', variant]], at);
  }
});

test('a file that was broken answers as it was served then', async () => {
  const { code, out } = await evaluate('main');
  assert.is(code, 0);
  assert.match(out, new RegExp(`^commit +${commits.march}\nvariant +off`));
});

test('a time is the time of the question too, unless --now names another', async () => {
  const user = ['--context', '{"userId":"u-123"}'];
  assert.match((await evaluate('2026-01-15', ...user)).out, /variant +off/);
  assert.match((await evaluate('2026-01-16', ...user)).out, /variant +on/);
  assert.match((await evaluate('v1', ...user)).out, /variant +on/);
  assert.match((await evaluate('v1', ...user, '--now', '2026-01-15T12:00:00Z')).out, /variant +off/);
  assert.match((await evaluate('2026-01-15', ...user, '--now', '2026-03-01T12:00:00Z')).out, /variant +on/);
});

test('--json and --explain say which commit, and are otherwise as for the work tree', async () => {
  const { commit, ...evaluation } = JSON.parse((await evaluate('v1', '--json')).out);
  assert.is(commit, commits.january);
  assert.equal(evaluation, {
    kind: 'value',
    flagKey: 'banner',
    variant: 'on',
    value: true,
    reason: evaluation.reason,
    metadata: evaluation.metadata,
  });
  const explained = JSON.parse((await evaluate('v1', '--json', '--explain')).out);
  assert.is(explained.commit, commits.january);
  assert.ok(explained.steps.length > 0);
  assert.ok((await evaluate('v1', '--explain')).out.startsWith(`commit   ${commits.january}\n`));
});

test('a revision that is not there, or can be none, is wrong use', async () => {
  for (const at of ['nowhere', '2'.repeat(40), 'v1~1', '2026-01-09', '../../config', 'main@{1}', '']) {
    const { code, out, err } = await evaluate(at);
    assert.equal([code, out], [2, ''], at);
    assert.match(err, /^flagstaff: (?:the )?revision/);
  }
});

test('a flag, organization, project or environment that the commit does not have is wrong use', async () => {
  const { code, err } = await run(['evaluate', 'baner', '--repo', made.dir, '--at', 'v1']);
  assert.is(code, 2);
  assert.match(err, 'did you mean banner?');
  assert.is((await evaluate('v1', '--org', 'globex')).code, 2);
  assert.is((await evaluate('v1', '--project', 'api')).code, 2);
  assert.is((await evaluate('v1', '--environment', 'staging')).code, 2);
  assert.is((await evaluate('v1', '--org', 'org_1', '--project', 'web-app')).code, 0);
});

test('a bare clone will do, and a folder without git will not', async () => {
  const dir = join(temporaryFolder(), 'bare.git');
  await made.git('clone', '--quiet', '--bare', made.dir, dir);
  const { code, out } = await run(['evaluate', 'banner', '--at', 'v1'], { cwd: dir });
  assert.is(code, 0);
  assert.match(out, commits.january);
  const without = await run(['evaluate', 'banner', '--at', 'v1', '--repo', temporaryFolder()]);
  assert.is(without.code, 2);
  assert.match(without.err, 'no git repository');
});

test.run();
