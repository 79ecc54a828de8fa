import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { type History, openHistory } from '../../src/repository/history.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';

const test = suite('repository/blame');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';

async function historyOf(made: TestRepository): Promise<History> {
  return openHistory(await openRepository(made.dir), { head: await made.head() });
}

/** What is blamed on which commit, by subject, as `part: subject`. */
async function blamed(history: History): Promise<Readonly<Record<string, string>>> {
  const lines = await history.blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  return Object.fromEntries(
    lines.map(({ part, environment, commit }) => {
      const name = Object.values(part).join(' ');
      return [environment === undefined ? name : `${environment} ${name}`, commit.subject];
    }),
  );
}

const START = `description: Dark mode
environments:
  production:
    enabled: true
    segments: [beta-testers]
    rules:
      - { id: canary, percentage: 5 }
      - { id: germans, when: [{ attribute: country, equals: DE }] }
`;

test('each part is blamed on the newest commit that changed it, with its reason', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START, [OVERRIDES]: '- { users: [u-1], reason: dogfooding }\n' }, 'start');
  await made.commit(
    { [FLAG]: START.replace('percentage: 5', 'percentage: 20') },
    'rollout\n\nFlagstaff-Reason: it works',
  );
  const killed = START.replace('percentage: 5', 'percentage: 20').replace('true', 'false');
  await made.commit({ [FLAG]: killed }, 'disable');
  await made.commit(
    { [OVERRIDES]: '- { users: [u-1], reason: dogfooding }\n- { users: [u-2], reason: why not }\n' },
    'u-2',
  );
  await made.commit({ [FLAG]: `# why\n${killed}` }, 'comment');
  const history = await historyOf(made);
  const found = await blamed(history);
  assert.equal(found, {
    'field description': 'start',
    'production field enabled': 'disable',
    'production attachment beta-testers': 'start',
    'production rule canary': 'rollout',
    'production rule germans': 'start',
    'override user u-1': 'start',
    'override user u-2': 'u-2',
  });
  const lines = await history.blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  const rule = lines.find(({ part }) => part.kind === 'rule' && part.id === 'canary');
  assert.is(rule?.commit.reason, 'it works');
  assert.match(rule?.sentence ?? '', /20 %/);
});

test('every line names a commit that git log lists for the flag', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  await made.commit({ 'flags/acme/org.yaml': 'name: Acme\n' }, 'elsewhere');
  await made.commit({ [FLAG]: START.replace('Dark', 'Light') }, 'light');
  const log = (await made.git('log', '--first-parent', '--format=%H', '--', FLAG, OVERRIDES)).split('\n');
  const lines = await (await historyOf(made)).blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  assert.ok(lines.length > 4);
  for (const { commit } of lines) assert.ok(log.includes(commit.oid), commit.subject);
});

test('who mends a broken file is blamed for what it says otherwise than before, not for all of it', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  await made.commit({ [FLAG]: `${START}  : oops\n` }, 'break');
  await made.commit({ [FLAG]: `${START}  : oops oops\n` }, 'break more');
  await made.commit({ [FLAG]: START.replace('Dark', 'Light') }, 'mend');
  const found = await blamed(await historyOf(made));
  assert.is(found['field description'], 'mend');
  assert.is(found['production rule canary'], 'start');
});

test('who mends a file that nobody could read before is blamed for all of it', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: `${START}  : oops\n` }, 'break');
  await made.commit({ [FLAG]: START }, 'mend');
  assert.equal([...new Set(Object.values(await blamed(await historyOf(made))))], ['mend']);
});

test('a flag that came back is blamed on who brought it back', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  await made.commit({ [FLAG]: null }, 'delete');
  await made.commit(
    {
      [FLAG]: START,
      [TESTS]: '- { name: x, environment: production, context: {}, expect: { value: true } }\n',
    },
    'again',
  );
  assert.equal([...new Set(Object.values(await blamed(await historyOf(made))))], ['again']);
});

test('a flag that is not there, or cannot be read, has no lines', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  await made.commit({ [FLAG]: ': : :\n' }, 'break');
  const history = await historyOf(made);
  assert.equal(await blamed(history), {});
  await made.commit({ [FLAG]: null }, 'delete');
  await history.follow(await made.head());
  assert.equal(await blamed(history), {});
});

test('a flag with exceptions for thousands of names is blamed name by name, while others have their turn', async () => {
  const made = await createRepository();
  const names = Array.from({ length: 6_000 }, (_, number) => `u-${number}`);
  const entry = (users: readonly string[], reason: string) =>
    `- { users: [${users.join(', ')}], reason: ${reason} }\n`;
  await made.commit({ [FLAG]: START, [OVERRIDES]: entry(names, 'tests') }, 'start');
  const [moved, stayed] = [names.slice(0, 3_000), names.slice(3_000)];
  await made.commit({ [OVERRIDES]: entry(moved, 'sales') + entry(stayed, 'tests') }, 'sales');
  const history = await historyOf(made);
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 0);
  const found = await blamed(history);
  clearInterval(counting);
  assert.ok(turns > 5, `${turns} turns`);
  assert.ok(moved.every((name) => found[`override user ${name}`] === 'sales'));
  assert.ok(stayed.every((name) => found[`override user ${name}`] === 'start'));
});

test('a company is not blamed for the user of its name', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START, [OVERRIDES]: '- { users: [acme] }\n' }, 'start');
  await made.commit({ [OVERRIDES]: '- { users: [acme] }\n- { companies: [acme], serve: off }\n' }, 'company');
  const found = await blamed(await historyOf(made));
  assert.equal([found['override user acme'], found['override company acme']], ['start', 'company']);
});

test('what a shallow clone began with is marked: it may have been an earlier commit', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  await made.commit({ [FLAG]: START.replace('Dark', 'Light') }, 'light');
  await made.commit({ [FLAG]: START.replace('Dark', 'Light').replace('true', 'false') }, 'disable');
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=2', `file://${made.dir}`, dir);
  const history = await historyOf(repositoryAt(dir));
  const lines = await history.blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  const marks = new Set(lines.map(({ commit, isCutOff }) => `${commit.subject} ${isCutOff}`));
  assert.equal([...marks].sort(), ['disable false', 'light true']);
});

test('the next commit of the flag is blamed at once', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: START }, 'start');
  const history = await historyOf(made);
  assert.is((await blamed(history))['field description'], 'start');
  const start = await made.head();
  await made.commit({ [FLAG]: START.replace('Dark', 'Light') }, 'light');
  await history.follow(await made.head());
  assert.is((await blamed(history))['field description'], 'light');
  await made.git('reset', '--quiet', '--hard', start);
  await history.follow(start);
  assert.is((await blamed(history))['field description'], 'start');
});

test.run();
