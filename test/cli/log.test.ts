import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const log = suite<Place>('flagstaff log');

log.before(async (place) => {
  const repository = await committedRepository({
    'flags/globex/org.yaml': 'name: Globex\n',
    'flags/globex/shop/project.yaml': 'environments: [live]\n',
    'flags/globex/shop/flags/sale.yaml': 'environments: {}\n',
  });
  place.repository = repository;
  await repository.commit({ 'README.md': 'words\n' }, 'no flags');
  await repository.commit(
    { [DARK_MODE]: 'environments:\n  development: { enabled: true }\n  production: { enabled: false }\n' },
    'Dark mode off\n\nFlagstaff-Org: acme\nFlagstaff-Reason: it is too bright',
    {
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_AUTHOR_DATE: '2026-01-15T10:00:00Z',
      GIT_COMMITTER_DATE: '2026-01-15T11:00:00+01:00',
    },
  );
  await repository.commit({ 'flags/globex/shop/flags/sale.yaml': null }, 'No more sale');
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(words, { cwd: repository.dir });
}

/** The subjects in what was printed, in order. */
function subjects(out: string): readonly string[] {
  return [...out.matchAll(/^ {4}(\S.*)$/gm)].map(([, text = '']) => text);
}

log('commits that changed flags, newest first, with who, when, what and why (P21)', async (place) => {
  const { code, out, err } = await flagstaff(place, 'log');
  assert.equal([code, err], [0, '']);
  assert.equal(subjects(out), ['No more sale', 'Dark mode off', 'reason: it is too bright', 'start']);
  const id = await place.repository.git('rev-parse', '--short=7', 'HEAD~1');
  assert.match(out, `${id}  2026-01-15T10:00:00Z  Ada <ada@example.com>\n    Dark mode off\n`);
  assert.match(out, /^ {6}acme\/web-app\/dark-mode: production: .*$/m);
  assert.match(out, /^ {6}globex\/shop\/sale: removed/m);
});

log('only an organization, a project, an author, a flag, so many', async (place) => {
  assert.equal(subjects((await flagstaff(place, 'log', '--org', 'globex')).out), ['No more sale', 'start']);
  const project = await flagstaff(place, 'log', '--project', 'web-app');
  assert.equal(subjects(project.out), ['Dark mode off', 'reason: it is too bright', 'start']);
  const author = await flagstaff(place, 'log', '--author', 'ada@example.com');
  assert.equal(subjects(author.out), ['Dark mode off', 'reason: it is too bright']);
  const flag = await flagstaff(place, 'log', 'dark-mode', '--limit', '1');
  assert.equal(subjects(flag.out), ['Dark mode off', 'reason: it is too bright']);
  assert.is(flag.err, '1 of 2 commits shown: --limit shows more');
});

log('of a flag that is no more too', async (place) => {
  const { code, out } = await flagstaff(place, 'log', 'sale', '--org', 'globex');
  assert.is(code, 0);
  assert.equal(subjects(out), ['No more sale', 'start']);
});

log('--json is the same as data, with whole ids and all differences', async (place) => {
  const [entry, ...more] = JSON.parse(
    (await flagstaff(place, 'log', 'dark-mode', '--limit', '1', '--json')).out,
  );
  assert.equal(more, []);
  const { differences, sentences, ...commit } = entry;
  assert.equal(commit, {
    commit: await place.repository.git('rev-parse', 'HEAD~1'),
    date: '2026-01-15T10:00:00Z',
    author: { name: 'Ada', email: 'ada@example.com' },
    subject: 'Dark mode off',
    body: '',
    reason: 'it is too bright',
    force: null,
    isCutOff: false,
    merged: [],
  });
  assert.is(sentences.length, differences.length);
  assert.ok(differences.some(({ environment }: { environment: string }) => environment === 'production'));
});

log('the commits that came in by a merge are below it, and blame names them', async () => {
  const made = await committedRepository();
  await made.git('checkout', '--quiet', '-b', 'branch');
  const person = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
  const text = 'environments:\n  development: { enabled: true }\n  production: { enabled: false }\n';
  const oid = await made.commit({ [DARK_MODE]: text }, 'Dark mode off', person);
  await made.git('checkout', '--quiet', 'main');
  await made.git('merge', '--quiet', '--no-ff', '--message', 'Merge the branch', 'branch');
  const cwd = made.dir;
  const { out } = await run(['log', 'dark-mode', '--limit', '1'], { cwd });
  const id = oid.slice(0, 7);
  assert.match(out, new RegExp(`^    merged ${id}  \\S+  Ada <ada@example.com>  Dark mode off$`, 'm'));
  const [entry] = JSON.parse((await run(['log', 'dark-mode', '--json'], { cwd })).out);
  assert.equal(
    entry.merged.map(({ commit }: { commit: string }) => commit),
    [oid],
  );
  const lines = JSON.parse((await run(['blame', 'dark-mode', '--json'], { cwd })).out);
  const blamed = lines.find(({ commit }: { commit: string }) => commit === oid);
  assert.is(blamed.mergedBy.commit, await made.head());
});

log(
  'a flag, a project or an organization that never was is wrong use, with the nearest one',
  async (place) => {
    for (const [words, sentence] of [
      [['log', 'dark-mod'], 'acme/web-app has no flag dark-mod (did you mean dark-mode?)'],
      [['log', '--project', 'shop'], 'no project of acme is called shop: there is web-app'],
      [['log', '--org', 'nope'], 'no organization is called nope: there are acme, globex'],
    ] as const) {
      assert.equal(await flagstaff(place, ...words), { code: 2, out: '', err: `flagstaff: ${sentence}` });
    }
    assert.is((await flagstaff(place, 'log', '--limit', '0')).code, 2);
  },
);

log('what nobody has changed is a sentence', async (place) => {
  const { code, out } = await flagstaff(place, 'log', '--author', 'nobody@example.com');
  assert.equal([code, out], [0, 'no commit has changed this']);
});

log('a repository without a commit has an empty history, and one without git none', async () => {
  const empty = await createRepository();
  assert.equal(await run(['log'], { cwd: empty.dir }), {
    code: 0,
    out: 'no commit has changed this',
    err: '',
  });
  assert.is((await run(['log'], { cwd: temporaryFolder() })).code, 2);
});

log('a bare clone has the same history', async ({ repository }) => {
  const bare = temporaryFolder();
  await repositoryAt(bare).git('clone', '--quiet', '--bare', repository.dir, '.');
  const there = await run(['log'], { cwd: bare });
  assert.equal(there, await run(['log'], { cwd: repository.dir }));
});

log(
  'where a shallow clone begins, the commit is marked: what it did may be of earlier ones',
  async ({ repository }) => {
    const cwd = temporaryFolder();
    await repositoryAt(cwd).git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, '.');
    for (const words of [['log'], ['log', 'dark-mode'], ['blame', 'dark-mode']]) {
      const { out, err } = await run(words, { cwd });
      assert.match(out, /^\^[0-9a-f]{7} {2}/);
      assert.match(
        err,
        '^ it, or an earlier commit, which this clone lacks: `git fetch --unshallow` brings it',
      );
      const told = JSON.parse((await run([...words, '--json'], { cwd })).out);
      assert.ok(told.every(({ isCutOff }: { isCutOff: boolean }) => isCutOff));
    }
    await repositoryAt(cwd).git('fetch', '--quiet', '--unshallow');
    assert.equal(await run(['log'], { cwd }), await run(['log'], { cwd: repository.dir }));
  },
);

log.run();
