import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { committedRepository, flagsRepository, run } from './run.js';

const test = suite('validate and the age of flags');
const DAY_MS = 86_400_000;
const FLAG = 'flags/acme/web-app/flags/it.yaml';
const FULL = 'environments:\n  development: { enabled: true }\n  production: { enabled: true }\n';

/** What is told of flags that everybody has, so many days from now. */
async function told(cwd: string, days: number): Promise<readonly string[]> {
  const { code, out } = await run(['validate'], { cwd, now: Date.now() + days * DAY_MS });
  assert.is(code, 0);
  return out.split('\n').filter((line) => line.includes('FULLY_ON'));
}

function daysFromNow(days: number): NodeJS.ProcessEnv {
  const date = new Date(Date.now() + days * DAY_MS).toISOString();
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}

test('validate tells flags that everybody has had for long, by the history of git', async () => {
  const { dir } = await committedRepository({ [FLAG]: FULL });
  const [line = '', ...others] = await told(dir, 40);
  assert.match(line, /it\.yaml:1:1: warning FULLY_ON: everybody/);
  assert.equal([others, await told(dir, 0)], [[], []]);
});

test('what is changed in the words of a flag, or its layout, keeps its age; a change of its answers does not', async () => {
  const repository = await committedRepository({ [FLAG]: FULL });
  const { dir } = repository;
  const worded = `description: For all\n# a note\n${FULL}`;
  await repository.commit({ [FLAG]: worded }, 'words', daysFromNow(35));
  await repository.commit({ [FLAG]: `owner: team-web\n${worded}` }, 'owner', daysFromNow(36));
  assert.is((await told(dir, 40)).length, 1);
  const { out } = await run(['stale', '--json'], { cwd: dir, now: Date.now() + 40 * DAY_MS });
  const reasons = JSON.parse(out).stale.map((thing: { readonly reasons: object }) => thing.reasons);
  assert.match(JSON.stringify(reasons), '"kind":"constant"', 'stale counts in the same way');
  await repository.commit({ [FLAG]: FULL.replace('true', 'true, serve: off') }, 'less', daysFromNow(37));
  await repository.commit({ [FLAG]: FULL }, 'more', daysFromNow(38));
  assert.equal(await told(dir, 40), []);
  assert.is((await told(dir, 69)).length, 1);
});

test('an override that came lately is a change of answers, and edits that are not committed have no age', async () => {
  const repository = await committedRepository({ [FLAG]: FULL });
  const overrides = 'flags/acme/web-app/overrides/it.yaml';
  await repository.commit({ [overrides]: '- { users: [u-1] }\n' }, 'one', daysFromNow(35));
  assert.equal(await told(repository.dir, 40), []);
  assert.is((await told(repository.dir, 70)).length, 1);
  repository.write({ [FLAG]: `# again\n${FULL}` });
  assert.equal(await told(repository.dir, 70), []);
});

test('without git no age is judged', async () => {
  assert.equal(await told(flagsRepository({ [FLAG]: FULL }), 40), []);
});

test.run();
