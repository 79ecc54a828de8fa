import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { History, openHistory } from '../../src/repository/history.js';
import { createRepository, type TestRepository, temporaryFolder } from '../support/git.js';

const test = suite('repository/history-lost');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OTHER = 'flags/acme/web-app/flags/banner.yaml';
const ALL = { under: ['flags/'], offset: 0, limit: 1_000 };

function text(description: string): string {
  return `description: ${description}\nenvironments:\n  production: { enabled: true }\n`;
}

/** Three commits, of which the second one may be lost. */
async function threeCommits(): Promise<{ readonly made: TestRepository; readonly middle: string }> {
  const made = await createRepository({ [FLAG]: text('one'), [OTHER]: text('other') });
  const middle = await made.commit({ [FLAG]: text('two') }, 'two');
  await made.commit({ [FLAG]: text('three') }, 'three');
  return { made, middle };
}

async function facts(history: History): Promise<unknown> {
  const { entries } = await history.page(ALL);
  return entries.map(({ commit, files, differences }) => [commit.subject, files, differences]);
}

/** As a copy tells it that has lost nothing. */
async function truthOf(made: TestRepository): Promise<unknown> {
  const dir = join(temporaryFolder(), 'copy');
  await made.git('clone', '--quiet', made.dir, dir);
  const history = await openHistory(await openRepository(dir), { head: await made.head() });
  const truth = await facts(history);
  await history.close();
  return truth;
}

/** Takes an object away while something is done. */
async function without(made: TestRepository, oid: string, work: () => Promise<void>): Promise<void> {
  const path = join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  renameSync(path, `${path}.away`);
  await work();
  renameSync(`${path}.away`, path);
}

for (const lost of ['', ':flags', ':flags/acme/web-app/flags'] as const) {
  test(`what cannot be read for a moment makes no history wrong for good: ${lost || 'a commit'}`, async () => {
    const { made, middle } = await threeCommits();
    const truth = await truthOf(made);
    const head = await made.head();
    const history = new History(await openRepository(made.dir));
    await without(made, await made.git('rev-parse', `${middle}${lost}`), async () => {
      await history.follow(head);
      await history.settled();
      assert.not.equal(await facts(history), truth);
      const brief = await openHistory(await openRepository(made.dir), { head });
      await brief.close();
      assert.is(existsSync(join(made.dir, '.git/flagstaff/cache/history.json')), false);
    });
    await history.follow(head);
    assert.equal(await facts(history), truth);
    await history.close();
    const next = await openHistory(await openRepository(made.dir), { head });
    assert.equal(await facts(next), truth);
    await next.close();
  });
}

test('no commit is told to have made or removed what was there before a lost one', async () => {
  const { made, middle } = await threeCommits();
  const head = await made.head();
  await without(made, await made.git('rev-parse', `${middle}:flags`), async () => {
    const history = await openHistory(await openRepository(made.dir), { head });
    const { entries } = await history.page(ALL);
    assert.equal(
      entries.map(({ commit, files }) => [commit.subject, files.map(({ path }) => path)]),
      [
        ['three', [FLAG]],
        ['start', [OTHER, FLAG]],
      ],
    );
    await history.close();
  });
});

test.run();
