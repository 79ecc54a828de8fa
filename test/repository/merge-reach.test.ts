import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Commit } from '../../src/repository/commit.js';
import { readCommitIfThere } from '../../src/repository/commit-if-there.js';
import { openRepository } from '../../src/repository/git.js';
import { HistoryIndex, historyCommit } from '../../src/repository/history-index.js';
import { bringerOf, broughtBy, type ReadCommit } from '../../src/repository/merge-reach.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { addRandomHistory, importStream, randomFrom } from './random-history.js';

const test = suite('repository/merge-reach');

const COMMITS = 400;

interface Place {
  readonly made: TestRepository;
  readonly read: ReadCommit;
  readonly index: HistoryIndex;
}

/** The chain of `main`, as the history has it. */
async function placeOf(made: TestRepository): Promise<Place> {
  const repository = await openRepository(made.dir);
  const read = (oid: string) => readCommitIfThere(repository, oid);
  const index = new HistoryIndex('');
  for (const oid of await listed(made, '--first-parent', '--reverse', 'main'))
    index.appendCommit(historyCommit(await there(read, oid), []));
  return { made, read, index };
}

async function there(read: ReadCommit, oid: string): Promise<Commit> {
  const commit = await read(oid);
  if (commit === undefined) throw new Error(`${oid} is not there`);
  return commit;
}

async function listed(made: TestRepository, ...parameters: readonly string[]): Promise<readonly string[]> {
  return (await made.git('rev-list', ...parameters)).split('\n').filter((line) => line !== '');
}

for (const seed of [1, 3, 5]) {
  test(`of the random history ${seed} each merge brought what git says, and each commit came by the first that has it`, async () => {
    const made = await createRepository();
    await addRandomHistory(made, { random: randomFrom(seed), commits: COMMITS });
    const { read, index } = await placeOf(made);
    assert.ok(index.merges.length >= 10, `${index.merges.length} merges`);
    for (const place of index.merges) {
      const merge = index.chain[place]?.oid ?? '';
      const { commits, isCut } = await broughtBy(read, index, place);
      const wanted = (await listed(made, `${merge}^1..${merge}`)).filter((oid) => oid !== merge);
      assert.equal(commits.map(({ oid }) => oid).sort(), [...wanted].sort(), `merge ${place}`);
      assert.not.ok(isCut);
      for (const commit of commits) assert.is(await bringerOf(read, index, commit), place);
    }
  });
}

const START = 1_700_000_000;
const DEVELOPED = 520;

/** Writes a stream of commits, each a minute after the one before, and gives their marks. */
class Stream {
  text = '';
  #marks = 0;

  commit(branch: string, subject: string, parents: readonly number[]): number {
    this.#marks += 1;
    const person = `Marc <marc@example.com> ${START + this.#marks * 60} +0000`;
    const lines = parents.map((mark, place) => `${place === 0 ? 'from' : 'merge'} :${mark}\n`);
    this.text += `commit refs/heads/${branch}\nmark :${this.#marks}\nauthor ${person}\ncommitter ${person}\ndata ${subject.length}\n${subject}\n${lines.join('')}\n`;
    return this.#marks;
  }

  commits(branch: string, count: number, from: number): readonly number[] {
    const marks: number[] = [];
    for (let number = 0; number < count; number += 1)
      marks.push(this.commit(branch, `${branch} ${number}`, [marks.at(-1) ?? from]));
    return marks;
  }
}

/** `main` merges a long branch, then one that left it before what is told of it, then the long branch again. */
function longBranches(): string {
  const stream = new Stream();
  const root = stream.commit('main', 'root', []);
  const developed = stream.commits('develop', DEVELOPED, root);
  const [last = root, ninth = root] = [developed.at(-1), developed[9]];
  const first = stream.commit('main', 'first', [root, last]);
  const old = stream.commits('old', 2, ninth);
  const more = stream.commits('develop', 5, stream.commit('develop', 'back', [last, first]));
  const second = stream.commit('main', 'second', [first, old.at(-1) ?? root]);
  stream.commit('main', 'third', [second, more.at(-1) ?? root]);
  return stream.text;
}

test('of a merge of too many commits the newest are told, by no later merge any of the others, and each is found', async () => {
  const made = await createRepository();
  await importStream(made.dir, longBranches());
  const { read, index } = await placeOf(made);
  const told = await Promise.all(index.merges.map((place) => broughtBy(read, index, place)));
  const subjects = told.map(({ commits, isCut }) => {
    const names = commits.map(({ message }) => message.trim());
    return [names.length, names[0], names.at(-1), isCut];
  });
  assert.equal(subjects, [
    [500, 'develop 519', 'develop 20', true],
    [2, 'old 1', 'old 0', false],
    [6, 'develop 4', 'back', false],
  ]);
  const ninth = await there(read, await made.git('rev-parse', 'old~2'));
  assert.is(ninth.message.trim(), 'develop 9');
  assert.is(await bringerOf(read, index, ninth), index.merges[0]);
});

test('a commit that no merge brought is not found', async () => {
  const made = await createRepository();
  await addRandomHistory(made, { random: randomFrom(4), commits: COMMITS });
  const { read, index } = await placeOf(made);
  const others = await listed(made, '--all', '--not', 'main');
  assert.ok(others.length > 0);
  for (const oid of others.slice(0, 5))
    assert.is(await bringerOf(read, index, await there(read, oid)), undefined);
});

test.run();
